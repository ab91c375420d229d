// A program as somebody writes it with the client that openapi-typescript and openapi-fetch make of the document.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Schemas = components["schemas"];
type EventData = Required<Schemas["EventData"]>;

declare const process: { argv: string[] };

const [address, token] = process.argv.slice(2);

function client(secret: string) {
  return createClient<paths, "application/json" | "application/problem+json">({
    baseUrl: address,
    headers: { Accept: "application/json", Authorization: `Bearer ${secret}` },
  });
}

const turnout = client(token);

/** Returns the data of the next event of a kind. */
async function* events(stream: ReadableStream<Uint8Array>) {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const kind = lines.find((line) => line.startsWith("event: "))?.slice("event: ".length);
      const data = lines.find((line) => line.startsWith("data: "))?.slice("data: ".length);
      if (kind && data) yield { kind, data: JSON.parse(data) };
    }
  }
}

async function next<K extends keyof EventData>(kind: K, from: ReturnType<typeof events>): Promise<EventData[K]> {
  for (;;) {
    const { done, value } = await from.next();
    if (done) throw new Error(`the stream has ended before '${kind}'`);
    if (value.kind === kind) return value.data;
  }
}

const aborted = new AbortController();
const listened = await turnout.GET("/admin/events", { parseAs: "stream", signal: aborted.signal });
const stream = events(listened.data!);
console.log("event status", (await next("status", stream)).active);

const status = await turnout.GET("/admin/status");
console.log("status", status.data!.active, status.data!.slots.blue.targets[0].inRotation);

const switched = await turnout.POST("/admin/switch", { params: { query: { to: "green", version: "1.4.2" } } });
const receipt: Schemas["Receipt"] = switched.data!;
console.log("receipt", receipt.from, receipt.to, receipt.version, receipt.changed, receipt.drain?.drained);
const told = await next("switched", stream);
console.log("event switched", told.to, told.revision === receipt.revision);

const refused = await turnout.POST("/admin/switch", { params: { query: { to: "blue" } } });
const problem: Schemas["Problem"] = refused.error!;
console.log("refused", problem.status, problem.type, problem.serving?.slot, problem.gate?.targets[0].last?.status);
console.log("event refused", (await next("refused", stream)).problem.reason);

const history = await turnout.GET("/admin/history", { params: { query: { limit: 10 } } });
const entries = history.data!.entries;
console.log("history",
    entries.find((entry) => entry.verdict === "switched")?.receipt?.to,
    entries.find((entry) => entry.verdict === "refused")?.problem?.reason);

const target = receipt.serving.targets[0];
const last = await turnout.POST("/admin/targets/{target}/drain", { params: { path: { target } } });
console.log("last target", last.error!.type);

const unknown = await client("wrong").GET("/admin/status");
console.log("without the token", unknown.response.status, unknown.error!.type);
aborted.abort();
