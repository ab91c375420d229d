/** What is known of one service: its status, its counters over time, and the change that is under way. */

const SECONDS_OF_RATE = 5;

/** A request without a response counts once, however many connections were tried for it. */
export const failedOf = target => target.responses['5xx'] + target.failures;

const sums = slot => slot.targets.reduce((sum, target) => ({
  requests: sum.requests + target.requests,
  failed: sum.failed + failedOf(target),
  inFlight: sum.inFlight + target.inFlight,
}), { requests: 0, failed: 0, inFlight: 0 });

export class Model {
  status;
  change = null;
  #samples = [];

  constructor(status) {
    this.status = status;
    this.take(status);
  }

  get name() {
    return this.status.service;
  }

  slot(name) {
    return this.status.slots[name];
  }

  /** Takes a whole status. */
  take(status) {
    this.status = status;
    const now = status.switching;
    if (now === null) this.change = null;
    else if (this.change === null || this.change.since !== now.since) this.change = { ...now, seen: [now.step], detail: null };
  }

  /** Takes the counters of one second. */
  count(traffic, at) {
    for (const [name, slot] of Object.entries(traffic.slots)) {
      if (this.status.slots[name]) this.status.slots[name].targets = slot.targets;
    }
    this.status.held = traffic.held;
    if (traffic.traffic !== undefined) this.status.traffic = traffic.traffic;
    this.#samples.push({ at, blue: sums(this.status.slots.blue), green: sums(this.status.slots.green) });
    if (this.#samples.length > SECONDS_OF_RATE + 1) this.#samples.shift();
  }

  /** Returns requests and failures per second of a slot in the last second, and what is in flight. */
  second(slot) {
    return this.#between(this.#samples.at(-2), this.#samples.at(-1), [slot]);
  }

  /** Returns the same of both slots over the last seconds. */
  recent() {
    return this.#between(this.#samples[0], this.#samples.at(-1), ['blue', 'green']);
  }

  #between(from, to, slots) {
    if (from === undefined || to === undefined || from === to) return null;
    const seconds = Math.max(0.2, (to.at - from.at) / 1000);
    const of = key => slots.reduce((sum, slot) => sum + Math.max(0, to[slot][key] - from[slot][key]), 0);
    const requests = of('requests');
    const failed = of('failed');
    return {
      requestsPerSecond: requests / seconds,
      failedPerSecond: failed / seconds,
      errorRate: requests === 0 ? null : Math.min(1, failed / requests),
      inFlight: slots.reduce((sum, slot) => sum + to[slot].inFlight, 0),
    };
  }

  /** Returns DOWN, MAINTENANCE, PAUSED, UP or UNKNOWN: what a client of the service meets. */
  get health() {
    if (this.status.maintenance !== null) return 'MAINTENANCE';
    if (this.status.paused) return 'PAUSED';
    const serving = this.slot(this.status.active).targets.filter(target => target.inRotation);
    if (serving.some(target => target.health === 'UP')) return 'UP';
    return serving.length === 0 || serving.some(target => target.health === 'DOWN') ? 'DOWN' : 'UNKNOWN';
  }

  /** Notes an event of a change that is under way. */
  note(kind, data) {
    if (kind === 'step') {
      const isSame = this.change !== null && this.change.what === data.what && this.change.since === data.since;
      this.change = { ...data, seen: [...(isSame ? this.change.seen : []), data.step], detail: null };
    } else if (this.change !== null && ['probe', 'warmup', 'drain', 'watch'].includes(kind)) {
      this.change = { ...this.change, detail: { kind, data } };
    } else if (kind === 'health') {
      for (const slot of Object.values(this.status.slots)) {
        for (const target of slot.targets) {
          if (target.target === data.target) {
            target.health = data.to;
            target.since = data.since;
          }
        }
      }
    }
  }
}
