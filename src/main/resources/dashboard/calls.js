/** The calls of the admin API, and its stream of events. */
import { language } from './words.js';

const SILENCE_MILLIS = 6_000;
const LOOK_MILLIS = 3_000;
const ASK_MILLIS = 10_000;

/** A browser has six connections for all tabs. A change goes on when nobody waits for it, and the events tell of it. */
const CHANGE_MILLIS = 20_000;

export const token = {
  get: () => sessionStorage.getItem('turnout.token'),
  set: value => sessionStorage.setItem('turnout.token', value),
  clear: () => sessionStorage.removeItem('turnout.token'),
  isSendable: value => /^[\x21-\x7e]+$/.test(value),
};

const call = (path, options = {}) => {
  const headers = { Accept: 'application/json', 'Accept-Language': language, ...options.headers };
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  return fetch(path, { cache: 'no-store', ...options, headers });
};

const query = parameters => new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined)).toString();

export const ask = async (path, parameters) => {
  const answer = await call(`${path}?${query(parameters)}`, { signal: AbortSignal.timeout(ASK_MILLIS) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
};

/**
 * Sends a change.
 *
 * @returns {Promise<{kind: 'answered'|'not-sent'|'going-on'|'lost', ok?: boolean, lines?: string[]}>} `not-sent` if Turnout
 *     did not answer before the change was sent, `going-on` if the change takes long, `lost` if the change was sent and its
 *     answer did not come
 */
export const change = async (method, path, parameters, revision) => {
  try {
    const looked = await call(`/admin/idle?${query({ service: parameters.service })}`, { signal: AbortSignal.timeout(LOOK_MILLIS) });
    await looked.text();
  } catch {
    return { kind: 'not-sent' };
  }
  try {
    const headers = { Accept: 'text/plain' };
    if (revision !== null) headers['If-Match'] = `"${revision}"`;
    const answer = await call(`${path}?${query(parameters)}`, { method, headers, signal: AbortSignal.timeout(CHANGE_MILLIS) });
    const lines = (await answer.text()).split('\n').filter(line => line !== '');
    return { kind: 'answered', ok: answer.ok, lines };
  } catch (error) {
    return { kind: error.name === 'TimeoutError' ? 'going-on' : 'lost' };
  }
};

/** The stream of events (WHATWG HTML, section 9.2), by fetch, since an EventSource sends no token. */
export class EventStream {
  #listener;
  #lastId = null;
  #pause = 250;
  #stopped = false;
  #reason = null;

  /** @param listener with opened(), event(kind, data), lost(reason) and refused(status) */
  constructor(listener) {
    this.#listener = listener;
  }

  stop() {
    this.#stopped = true;
  }

  async run() {
    while (!this.#stopped) {
      try {
        await this.#read();
      } catch {
        // The connection was refused, has broken, or is silent.
      }
      if (this.#stopped) return;
      this.#listener.lost(this.#reason);
      await new Promise(resolve => setTimeout(resolve, this.#pause));
      this.#pause = Math.min(2_000, this.#pause * 2);
    }
  }

  async #read() {
    this.#reason = null;
    const control = new AbortController();
    let watchdog = setTimeout(() => control.abort(), SILENCE_MILLIS);
    try {
      const headers = { Accept: 'text/event-stream' };
      if (this.#lastId) headers['Last-Event-ID'] = this.#lastId;
      const answer = await call('/admin/events?traffic=true', { headers, signal: control.signal });
      if (!answer.ok) {
        if (answer.status === 401) this.#stopped = true;
        this.#listener.refused(answer.status);
        this.#reason = (await answer.json()).detail ?? null;
        return;
      }
      this.#pause = 250;
      this.#listener.opened();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.#stopped) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => control.abort(), SILENCE_MILLIS);
        const events = (rest + value).split('\n\n');
        rest = events.pop();
        events.forEach(event => this.#dispatch(event));
      }
    } finally {
      clearTimeout(watchdog);
      control.abort();
    }
  }

  #dispatch(event) {
    let kind = 'message';
    let data = '';
    for (const line of event.split('\n')) {
      if (line.startsWith('id: ')) this.#lastId = line.slice(4);
      else if (line.startsWith('event: ')) kind = line.slice(7);
      else if (line.startsWith('data: ')) data += line.slice(6);
    }
    if (data !== '') this.#listener.event(kind, JSON.parse(data));
  }
}
