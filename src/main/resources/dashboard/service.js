/** The card of one service: first line, slots, change, actions, history. */
import * as calls from './calls.js';
import { ChangeView } from './change.js';
import { confirm } from './confirm.js';
import { attribute, keep, make, show, style, text } from './dom.js';
import * as format from './format.js';
import { Past } from './past.js';
import { pillOf, Slot } from './slot.js';
import { language, say } from './words.js';

const HISTORY = 60;

const button = (properties = {}) => make('button', { type: 'button', ...properties });

export class ServiceCard {
  #model;
  #page;
  #pill = make('span', { class: 'pill' });
  #open = button({ class: 'open' });
  #version = make('span', { class: 'version' });
  #slotName = make('span', { class: 'slot-name' });
  #since = make('span', { class: 'soft' });
  #stats = Object.fromEntries(['perSecond', 'p50', 'p99', 'errorRate'].map(name => [name, make('dd', { textContent: say.none })]));
  #body = make('div', { class: 'body', hidden: true });
  #warnings = make('ul', { hidden: true });
  #warningParts = new Map();
  #change;
  #slots;
  #answer = make('div', { class: 'answer', role: 'status', hidden: true });
  #past = new Past();
  #switch = button({ class: 'primary' });
  #dryRun = button({ textContent: say.dryRun });
  #rollback = button();
  #pause = button();
  #maintenance = button();
  #weight = make('input', { type: 'range', min: 0, max: 100, step: 1, 'aria-label': say.share });
  #weightShown = make('output');
  #apply = button({ textContent: say.apply });
  #promote = button({ textContent: say.promote });
  #abort = button({ textContent: say.abort });
  #canaryText = make('p', { class: 'soft' });
  #rehearsal = make('p', { class: 'soft', hidden: true });
  /** How many changes of this page are under way. */
  #acting = 0;
  #isWeightTouched = false;

  /** @param page with isInContact() and changed() */
  constructor(model, page) {
    this.#model = model;
    this.#page = page;
    const target = (one, isReady) => this.#actOnTarget(one, isReady);
    this.#slots = { blue: new Slot('blue', target), green: new Slot('green', target) };
    this.#change = new ChangeView(() => this.#act('DELETE', '/admin/switch', {}));
    const bodyId = `service-${model.name}`;
    this.#body.id = bodyId;
    text(this.#open, model.name);
    this.#open.setAttribute('aria-controls', bodyId);
    this.#open.onclick = () => this.toggle(this.#body.hidden);
    const stats = make('dl', { class: 'stats' }, ...Object.entries(this.#stats).map(([name, value]) => make('div', { class: 'stat' }, make('dt', { textContent: say[name] }), value)));
    const head = make('div', { class: 'head' },
      make('div', {},
        make('div', { class: 'title' }, make('h2', {}, this.#open), this.#pill),
        make('p', { class: 'serving' }, this.#version, ' ', make('span', { class: 'soft', textContent: say.on }), ' ', this.#slotName, ' ', this.#since)),
      stats);
    const canary = make('section', { class: 'canary' }, make('h3', { textContent: say.canary }), this.#canaryText,
      make('div', { class: 'canary-row' }, this.#weight, this.#weightShown, make('div', { class: 'row' }, this.#apply, this.#promote, this.#abort)));
    const actions = make('div', { class: 'row actions', role: 'group', 'aria-label': say.actions(model.name) }, this.#switch, this.#dryRun, this.#rollback, this.#pause, this.#maintenance);
    this.#body.append(this.#warnings, this.#change.element, this.#answer, actions,
      make('div', { class: 'slots' }, this.#slots.blue.element, this.#slots.green.element), this.#rehearsal, canary, this.#past.element);
    this.element = make('article', { id: `card-${model.name}`, class: 'card', 'aria-label': model.name }, head, this.#body);
    this.#bind();
    this.toggle(false);
    this.update();
  }

  get name() {
    return this.#model.name;
  }

  get isOpen() {
    return !this.#body.hidden;
  }

  toggle(isOpen) {
    show(this.#body, isOpen);
    this.#open.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) {
      this.update();
      this.refreshHistory();
    }
  }

  /** Opens the card and brings it into view. */
  visit() {
    this.toggle(true);
    this.element.scrollIntoView({ block: 'start' });
    this.#open.focus({ preventScroll: true });
  }

  async refreshHistory() {
    if (!this.isOpen) return;
    try {
      this.#past.take((await calls.ask('/admin/history', { service: this.name, limit: HISTORY })).entries);
    } catch {
      // The stream tells when contact is lost.
    }
  }

  /** Called when a change begins: what became of the one before is in the history. */
  begun() {
    if (this.#acting === 0) show(this.#answer, false);
  }

  /** Called each second, with new counters. */
  second() {
    for (const [name, slot] of Object.entries(this.#slots)) slot.second(this.#model.second(name));
    this.update();
  }

  update() {
    const status = this.#model.status;
    const health = this.#model.health;
    const isInContact = this.#page.isInContact();
    style(this.element, health === 'DOWN' ? 'card bad' : 'card');
    text(this.#pill, say[health]);
    style(this.#pill, pillOf(health));
    const active = status.slots[status.active];
    text(this.#version, active.version ?? say.versionUnknown);
    style(this.#version, active.version === null ? 'soft' : 'version');
    text(this.#slotName, say[status.active]);
    style(this.#slotName, `slot-name ${status.active}`);
    text(this.#since, say.sinceFor(format.ago(status.since)));
    this.#updateStats(status);
    if (this.isOpen) this.#updateBody(status, isInContact);
  }

  #updateStats(status) {
    const recent = this.#model.recent();
    const traffic = status.traffic ?? {};
    const errorRate = traffic.errorRate ?? recent?.errorRate;
    text(this.#stats.perSecond, format.rate(traffic.requestsPerSecond ?? recent?.requestsPerSecond));
    text(this.#stats.p50, format.millis(traffic.p50Millis));
    text(this.#stats.p99, format.millis(traffic.p99Millis));
    text(this.#stats.errorRate, format.percent(errorRate));
    style(this.#stats.errorRate, errorRate > 0.01 ? 'wrong' : '');
  }

  #updateBody(status, isInContact) {
    const warnings = language === 'ko' ? status.koreanWarnings : status.warnings;
    show(this.#warnings, warnings.length > 0);
    keep(this.#warnings, this.#warningParts, warnings, sentence => sentence, sentence => ({ element: make('li', { class: 'note', textContent: sentence }) }), () => {});
    this.#change.update(this.#model.change, isInContact);
    const isFree = isInContact && this.#acting === 0 && this.#model.change === null;
    const isWatched = isInContact && this.#acting < 2 && this.#model.change?.step === 'watch';
    for (const slot of Object.values(this.#slots)) slot.update(status, isFree);
    text(this.#switch, say.switchTo(say[status.idle]));
    text(this.#rollback, say.rollback(status.previous && say[status.previous]));
    text(this.#maintenance, status.maintenance === null ? say.maintain : say.maintainNoMore);
    text(this.#pause, status.paused ? say.resume(status.held) : say.pause);
    for (const one of [this.#switch, this.#dryRun, this.#pause, this.#maintenance, this.#apply, this.#promote, this.#abort]) one.disabled = !isFree;
    this.#rollback.disabled = !(status.previous !== null && (isFree || isWatched));
    const isCanary = status.canary.slot !== null;
    show(this.#promote, isCanary);
    show(this.#abort, isCanary);
    const rehearsal = status.rehearsal;
    show(this.#rehearsal, rehearsal.share > 0 || rehearsal.requests > 0);
    text(this.#rehearsal, say.rehearsal(rehearsal, say[rehearsal.idle.slot], say[rehearsal.active.slot]));
    text(this.#canaryText, say.canaryText(say[status.idle]));
    if (!this.#isWeightTouched && this.#weight.value !== String(status.canary.weight)) this.#weight.value = status.canary.weight;
    text(this.#weightShown, `${this.#weight.value} %`);
    this.#weight.disabled = !isFree;
  }

  // --- Actions -----------------------------------------------------------------------------------------------------

  #bind() {
    this.#switch.onclick = () => {
      const { active, idle } = this.#model.status;
      this.#confirmed({ title: say.switchPlain(say[idle]), text: say.willSwitch(this.name, say[idle], say[active]), ...this.#goesTo(idle), confirm: say.switchPlain(say[idle]), hasBuild: true, hasWatch: true, hasForce: true },
        'POST', '/admin/switch', { to: idle });
    };
    this.#dryRun.onclick = () => this.#act('POST', '/admin/switch', { to: this.#model.status.idle, 'dry-run': 'true' });
    this.#rollback.onclick = () => {
      const { active, previous } = this.#model.status;
      this.#confirmed({ title: say.rollbackPlain(say[previous]), text: say.willRollBack(this.name, say[previous], say[active]), ...this.#goesTo(previous), confirm: say.rollbackPlain(say[previous]), hasForce: true },
        'POST', '/admin/rollback', {});
    };
    this.#pause.onclick = () => {
      if (this.#model.status.paused) this.#act('POST', '/admin/resume', {});
      else this.#confirmed({ title: say.pausePlain, text: say.willPause(this.name), confirm: say.pausePlain }, 'POST', '/admin/pause', {});
    };
    this.#maintenance.onclick = () => {
      if (this.#model.status.maintenance !== null) this.#act('DELETE', '/admin/maintenance', {});
      else this.#confirmed({ title: say.maintainPlain, text: say.willMaintain(this.name), confirm: say.maintainPlain, hasMaintenance: true }, 'POST', '/admin/maintenance', {});
    };
    this.#weight.oninput = () => {
      this.#isWeightTouched = true;
      text(this.#weightShown, `${this.#weight.value} %`);
    };
    this.#apply.onclick = () => {
      const weight = this.#weight.value;
      const { idle } = this.#model.status;
      this.#confirmed({ title: say.canary, text: say.willCanary(this.name, say[idle], weight), ...this.#goesTo(idle), confirm: say.applyPlain(weight), hasBuild: true },
        'POST', '/admin/canary', { weight });
    };
    this.#promote.onclick = () => {
      const { active, idle } = this.#model.status;
      this.#confirmed({ title: say.switchPlain(say[idle]), text: say.willSwitch(this.name, say[idle], say[active]), ...this.#goesTo(idle), confirm: say.switchPlain(say[idle]), hasWatch: true },
        'POST', '/admin/canary/promote', {});
    };
    this.#abort.onclick = () => {
      const { active, idle } = this.#model.status;
      this.#confirmed({ title: say.abortPlain, text: say.willAbort(this.name, say[active], say[idle]), ...this.#goesTo(active), confirm: say.abortPlain }, 'DELETE', '/admin/canary', {});
    };
  }

  #goesTo(slot) {
    return { slot: say[slot], targets: this.#model.slot(slot).targets };
  }

  #actOnTarget(target, isReady) {
    const path = `/admin/targets/${encodeURIComponent(target.target)}/${isReady ? 'ready' : 'drain'}`;
    if (isReady) this.#act('POST', path, {});
    else this.#confirmed({ title: say.drainOf(target.target), text: say.willDrain(target.target, format.count(target.inFlight)), confirm: say.drainOf(target.target) }, 'POST', path, {});
  }

  async #confirmed(question, method, path, parameters) {
    const revision = this.#model.status.revision;
    const given = await confirm(question);
    if (given !== null) await this.#act(method, path, { ...parameters, ...given }, revision);
  }

  async #act(method, path, parameters, revision = null) {
    this.#acting++;
    show(this.#answer, false);
    this.update();
    const outcome = await calls.change(method, path, { service: this.name, ...parameters }, revision);
    this.#acting--;
    this.#isWeightTouched = false;
    await this.#page.changed(this.name);
    await this.refreshHistory();
    this.#tell(outcome);
    this.update();
  }

  #tell(outcome) {
    const lines = { answered: outcome.lines, 'not-sent': [say.notSent, say.notSentText], 'going-on': [say.goesOn, say.goesOnText], lost: [say.answerLost, say.answerLostText] }[outcome.kind];
    const isDone = outcome.kind === 'going-on' || outcome.kind === 'answered' && outcome.ok;
    const close = button({ class: 'small', textContent: say.close, onclick: () => show(this.#answer, false) });
    const receipt = button({ class: 'small', textContent: say.receiptOf, onclick: () => this.#past.openNewest() });
    this.#answer.replaceChildren(...lines.map(line => make('p', { textContent: line })), make('div', { class: 'row' }, outcome.kind === 'answered' ? receipt : null, close));
    attribute(this.#answer, 'role', isDone ? 'status' : 'alert');
    style(this.#answer, isDone ? 'answer' : 'answer failed');
    show(this.#answer, true);
  }
}
