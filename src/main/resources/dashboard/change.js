/** A change that is under way, as steps. */
import { attribute, make, show, style, text } from './dom.js';
import * as format from './format.js';
import { say } from './words.js';

const STEPS = ['gate', 'warmup', 'flip', 'watch', 'drain'];
const STEP_OF = { starting: 'gate', persist: 'flip', publish: 'flip' };
const ALWAYS = new Set(['gate', 'flip', 'drain']);
const CANCELLABLE = new Set(['starting', 'gate', 'warmup']);

export const stepOf = step => STEP_OF[step] ?? step;

const share = (part, whole) => whole > 0 ? Math.min(1, part / whole) : 0;

const detailOf = (step, detail) => {
  const data = detail?.data;
  if (step === 'starting') return [say.starting, null];
  if (step === 'gate') {
    return data && detail.kind === 'probe'
      ? [say.probing({ ...data, elapsed: format.took(data.elapsedMillis), deadline: format.took(data.deadlineMillis) }), share(data.elapsedMillis, data.deadlineMillis)]
      : [say.gating, null];
  }
  if (step === 'warmup' && detail?.kind === 'warmup') return [say.warming(data), null];
  if (step === 'watch' && detail?.kind === 'watch') {
    return [say.watching({
      left: format.took(data.leftMillis), beforeSlot: data.before.slot, beforeRate: format.percent(data.before.errorRate), beforeP99: format.millis(data.before.p99Millis),
      afterSlot: data.after.slot, afterRate: format.percent(data.after.errorRate), afterRequests: format.count(data.after.requests), afterP99: format.millis(data.after.p99Millis),
    }), share(data.elapsedMillis, data.elapsedMillis + data.leftMillis)];
  }
  if (step === 'drain') {
    return detail?.kind === 'drain'
      ? [say.draining({ inFlight: format.count(data.inFlight), webSockets: format.count(data.webSockets), elapsed: format.took(data.elapsedMillis), timeout: format.took(data.timeoutMillis) }),
        share(data.elapsedMillis, data.timeoutMillis)]
      : [say.drainingPlain, null];
  }
  return [say.flipping, null];
};

export class ChangeView {
  #title = make('h3');
  #steps = new Map();
  #list = make('ol', { class: 'steps' });
  #detail = make('p', { class: 'number' });
  #progress = make('progress', { class: 'progress', max: 1 });
  #cancel;

  /** @param cancel called when the change is to be cancelled */
  constructor(cancel) {
    this.#cancel = make('button', { type: 'button', textContent: say.cancelChange, onclick: cancel });
    for (const name of STEPS) {
      const step = make('li', { class: 'step', textContent: say.steps[name] });
      this.#steps.set(name, step);
      this.#list.append(step);
    }
    this.element = make('section', { class: 'change', hidden: true },
      make('div', { class: 'change-head' }, this.#title, this.#cancel), this.#list, this.#detail, this.#progress);
  }

  update(change, canAct) {
    show(this.element, change !== null);
    if (change === null) return;
    text(this.#title, say.underWay(say.whatIs(change.what), change.by ?? change.who));
    const now = stepOf(change.step);
    const seen = new Set(change.seen.map(stepOf));
    for (const [name, step] of this.#steps) {
      const isBefore = STEPS.indexOf(name) < STEPS.indexOf(now);
      const state = name === now ? 'now' : isBefore ? 'done' : 'later';
      show(step, ALWAYS.has(name) || seen.has(name));
      style(step, `step ${state}`);
      attribute(step, 'aria-label', say.stepLabel(say.steps[name], state));
      attribute(step, 'aria-current', name === now ? 'step' : null);
    }
    const [sentence, part] = detailOf(change.step, change.detail);
    text(this.#detail, sentence);
    attribute(this.#progress, 'aria-label', say.steps[now]);
    if (part === null) this.#progress.removeAttribute('value');
    else this.#progress.value = part;
    show(this.#cancel, CANCELLABLE.has(change.step));
    this.#cancel.disabled = !canAct;
  }
}
