/** The journal, told as one row for each change, and its receipts in readable form. */
import { keep, make, show, style, text } from './dom.js';
import * as format from './format.js';
import { say } from './words.js';

const SHOWN = 30;
const WRONG = new Set(['refused', 'switched-back', 'worse', 'cut', 'outage-began']);
const RANK = ['switched', 'changed', 'drained', 'cut', 'taken-back', 'worse', 'switched-back'];

/** Puts the entries of one change together: newest first, as they came. */
export const changesOf = entries => {
  const changes = new Map();
  for (const entry of entries) {
    const begun = entry.receipt?.startedAt;
    const key = begun ? `${entry.what} ${begun}` : `${entry.at} ${entry.what} ${entry.verdict} ${entry.target ?? ''}`;
    const known = changes.get(key);
    if (known === undefined) {
      changes.set(key, { key, at: entry.at, last: entry, verdict: entry.verdict, receipt: entry.receipt, first: entry });
    } else {
      known.first = entry;
      if (RANK.indexOf(entry.verdict) > RANK.indexOf(known.verdict)) known.verdict = entry.verdict;
      known.receipt = { ...entry.receipt, ...Object.fromEntries(Object.entries(known.receipt).filter(([, value]) => value !== null)) };
    }
  }
  return [...changes.values()];
};

const durationOf = change => {
  if (change.last.durationMillis !== undefined) return format.took(change.last.durationMillis);
  const begun = change.receipt?.startedAt ?? change.last.startedAt;
  return begun ? format.took(Date.parse(change.receipt?.finishedAt ?? change.last.at) - Date.parse(begun)) : '';
};

/** A change that is no switch deploys nothing. */
const verdictOf = change => change.verdict === 'drained' && !change.receipt?.switchedAt ? 'changed' : change.verdict;

const titleOf = change => {
  const receipt = change.receipt;
  const version = change.first.version ?? receipt?.version;
  const what = change.last.what.startsWith('switch to') && change.first.receipt?.to ? say.switchOf(say[change.first.receipt.to]) : say.whatIs(change.last.what);
  return [version, what, change.last.target].filter(part => part && (part === what || !change.last.what.includes(part))).join(' · ');
};

/** The row has the address; the program that called is in the details. */
const whoOf = change => change.last.by ?? say.whoIs(format.caller(change.last.who ?? ''));

const fact = (list, name, value) => {
  if (value === null || value === undefined || value === '') return;
  list.append(make('dt', { textContent: name }), make('dd', {}, value));
};

const lines = texts => make('ul', {}, ...texts.map(line => make('li', { textContent: line })));

const gateFacts = gate => {
  if (gate.skipped) return say.gateSkipped;
  const total = gate.targets.reduce((sum, target) => sum + target.count, 0);
  return make('div', {}, make('div', { textContent: gate.passed ? say.gatePassed(format.took(gate.tookMillis), total) : say.gateFailed(format.took(gate.tookMillis)) }),
    lines(gate.targets.map(target => say.gateTarget(target.target, target.good, target.count, target.last?.status ?? target.last?.cause))));
};

/** Returns a receipt, a report or a refusal as names and values. */
export const readable = change => {
  const names = say.facts;
  const { last, receipt, first } = change;
  const list = make('dl', { class: 'facts' });
  fact(list, names.what, titleOf(change));
  fact(list, names.reason, last.problem?.detail ?? last.reason);
  fact(list, names.by, last.by);
  fact(list, names.note, last.note ?? first.note);
  fact(list, names.who, say.whoIs(last.who ?? ''));
  if (receipt) {
    if (receipt.from) fact(list, names.from, [receipt.fromVersion, receipt.from].filter(Boolean).join(' · '));
    if (receipt.to) fact(list, names.to, [receipt.version, receipt.to].filter(Boolean).join(' · '));
    fact(list, names.slot, receipt.slot);
    fact(list, names.target, receipt.target);
    if (receipt.weight !== undefined) fact(list, names.weight, `${receipt.weight} %`);
    fact(list, names.revision, String(receipt.revision));
    fact(list, names.started, format.moment(receipt.startedAt));
    if (receipt.switchedAt) fact(list, names.flipped, format.moment(receipt.switchedAt));
    fact(list, names.took, durationOf(change));
    if (receipt.gate && (!receipt.gate.skipped || receipt.to)) fact(list, names.gate, gateFacts(receipt.gate));
    if (receipt.warmup?.requests) fact(list, names.warmup, say.warmupFact(receipt.warmup));
    if (receipt.watch) fact(list, names.watch, say.watchFact(receipt.watch.verdict, receipt.watch.reason));
    if (receipt.drain) fact(list, names.drain, say.drainFact({ ...receipt.drain, took: format.took(receipt.drain.waitedMillis) }));
    if (receipt.drain?.cut?.length) {
      fact(list, names.cut, lines(receipt.drain.cut.map(cut => `${cut.method} ${cut.path}, ${format.took(cut.ageMillis)}, ${cut.target}`)));
    }
    if (receipt.warnings?.length) fact(list, names.warnings, lines(receipt.warnings));
  }
  if (last.startedAt) {
    fact(list, names.started, format.moment(last.startedAt));
    fact(list, names.took, durationOf(change));
  }
  if (last.problem?.gate) fact(list, names.gate, gateFacts(last.problem.gate));
  if (last.keys) fact(list, names.keys, last.keys.map(change => change.key).join(', '));
  return list;
};

const makeEntry = change => {
  const part = { isOpen: false, change };
  part.what = make('span', { class: 'entry-what' });
  part.when = make('span', { class: 'entry-when' });
  part.who = make('span', { class: 'entry-who' });
  part.long = make('span', { class: 'entry-long' });
  part.verdict = make('span', { class: 'pill' });
  part.button = make('button', { type: 'button', class: 'small', textContent: say.details, 'aria-expanded': 'false' });
  part.receipt = make('div', { class: 'receipt', hidden: true });
  part.element = make('li', { class: 'entry' },
    make('div', { class: 'entry-head' }, part.when, part.what, part.who, part.long, make('div', { class: 'entry-end' }, part.verdict, part.button)), part.receipt);
  part.toggle = isOpen => {
    part.isOpen = isOpen;
    part.button.setAttribute('aria-expanded', String(isOpen));
    show(part.receipt, isOpen);
    if (isOpen) part.receipt.replaceChildren(readable(part.change));
  };
  part.button.onclick = () => part.toggle(!part.isOpen);
  return part;
};

const updateEntry = (part, change) => {
  const isNew = part.shown !== change.last.at + change.verdict;
  part.change = change;
  part.shown = change.last.at + change.verdict;
  text(part.what, titleOf(change));
  text(part.when, format.moment(change.first.at));
  text(part.who, whoOf(change));
  text(part.long, durationOf(change));
  const verdict = verdictOf(change);
  text(part.verdict, say.verdicts[verdict] ?? verdict);
  style(part.verdict, WRONG.has(verdict) ? 'pill down-pill' : 'pill');
  part.button.setAttribute('aria-label', say.detailsOf(titleOf(change)));
  if (isNew && part.isOpen) part.toggle(true);
};

/** The history of a service, with its filter. */
export class Past {
  #changes = [];
  #parts = new Map();
  #list = make('ul');
  #none = make('p', { class: 'soft' });
  #filter = make('input', { type: 'search', placeholder: say.filterHistory, 'aria-label': say.filterHistory });

  constructor() {
    this.#filter.oninput = () => this.#show();
    this.element = make('section', {}, make('div', { class: 'history-head' }, make('h3', { textContent: say.history }), this.#filter), this.#none, this.#list);
  }

  take(entries) {
    this.#changes = changesOf(entries);
    this.#show();
  }

  /** Opens the receipt of the newest change, and moves the focus there. */
  openNewest() {
    this.#filter.value = '';
    this.#show();
    const part = this.#parts.get(this.#changes[0]?.key);
    if (part === undefined) return;
    part.toggle(true);
    part.button.focus();
    part.element.scrollIntoView({ block: 'nearest' });
  }

  #show() {
    const wanted = this.#filter.value.trim().toLowerCase();
    const matches = change => [titleOf(change), whoOf(change), say.verdicts[verdictOf(change)], change.verdict, change.first.note, change.last.problem?.detail]
      .some(value => value?.toLowerCase().includes(wanted));
    const shown = this.#changes.filter(change => wanted === '' || matches(change)).slice(0, SHOWN);
    show(this.#none, shown.length === 0);
    text(this.#none, this.#changes.length === 0 ? say.noHistory : say.noMatch);
    show(this.#filter, this.#changes.length > 0);
    keep(this.#list, this.#parts, shown, change => change.key, makeEntry, updateEntry);
  }
}
