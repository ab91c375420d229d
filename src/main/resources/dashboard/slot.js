/** One slot of a service: its build, its last minute, its targets. */
import { attribute, keep, make, show, style, text } from './dom.js';
import * as format from './format.js';
import { failedOf } from './model.js';
import { Spark } from './spark.js';
import { say } from './words.js';

export const pillOf = health => ({ UP: 'pill', DOWN: 'pill down-pill', PAUSED: 'pill wait-pill', MAINTENANCE: 'pill wait-pill' })[health] ?? 'pill unknown-pill';

/** A target that gets no requests may be down: its version is not wanted any more, as a rule. */
const pillOfTarget = (health, isServing) => health === 'DOWN' && !isServing ? 'pill idle-pill' : pillOf(health);

const causeOf = target => target.lastProbe === null || target.lastProbe === undefined ? '' : target.lastProbe.status ?? target.lastProbe.cause;

/** Returns what the health of a target is, since when, and why. */
export const healthOf = target => say.healthFor(say[target.health] ?? target.health, format.ago(target.since), causeOf(target));

export class Slot {
  #name;
  #role = make('span', { class: 'slot-role' });
  #version = make('span', { class: 'version' });
  #build = make('p', { class: 'slot-build' });
  #list = make('ul', { class: 'targets' });
  #parts = new Map();
  #rate = new Spark(say.requestsShort, false);
  #errors = new Spark(say.errorsShort, true);
  #act;

  /** @param act called with a target and whether it gets requests */
  constructor(name, act) {
    this.#name = name;
    this.#act = act;
    this.element = make('section', { class: `slot ${name}` },
      make('div', { class: 'slot-head' }, make('h3', { class: 'slot-name', textContent: say[name] }), this.#version, this.#role),
      this.#build, make('div', { class: 'sparks' }, this.#rate.element, this.#errors.element), this.#list);
  }

  second(second) {
    if (second === null) return;
    this.#rate.add(second.requestsPerSecond, format.rate(second.requestsPerSecond));
    this.#errors.add(second.failedPerSecond, format.rate(second.failedPerSecond));
  }

  update(status, canAct) {
    const slot = status.slots[this.#name];
    const isCanary = status.canary.slot === this.#name;
    const role = slot.active ? status.maintenance !== null ? say.maintenance : status.paused ? say.paused : say.serves : isCanary ? say.canaryRole(status.canary.weight) : say.idle;
    style(this.element, `slot ${this.#name}${slot.active || isCanary ? ' serves' : ''}`);
    text(this.#role, role);
    show(this.#version, slot.version !== null);
    text(this.#version, slot.version ?? '');
    const note = slot.note ? ` (${slot.note})` : '';
    text(this.#build, slot.deployedAt === null ? say.nothingDeployed : say.deployed(format.caller(slot.deployedBy), format.ago(slot.deployedAt)) + note);
    keep(this.#list, this.#parts, slot.targets, target => target.target, target => this.#make(target), (part, target) => {
      const isIn = target.inRotation;
      text(part.health, say[target.health] ?? target.health);
      style(part.health, pillOfTarget(target.health, slot.active || isCanary));
      show(part.standing, !isIn || target.suspended);
      text(part.standing, isIn ? say.suspended : say.outOfRotation);
      text(part.since, healthOf(target));
      text(part.counts, say.targetFacts(format.count(target.inFlight), format.count(target.requests), format.count(failedOf(target))));
      show(part.button, slot.active);
      text(part.button, isIn ? say.drainTarget : say.readyTarget);
      attribute(part.button, 'aria-label', isIn ? say.drainOf(target.target) : say.readyOf(target.target));
      part.button.disabled = !canAct;
      part.button.onclick = () => this.#act(target, !isIn);
    });
  }

  #make(target) {
    const part = {
      health: make('span'), standing: make('span', { class: 'pill wait-pill' }), since: make('p', { class: 'target-facts' }),
      counts: make('p', { class: 'target-facts' }), button: make('button', { type: 'button', class: 'small' }),
    };
    part.element = make('li', { class: 'target' },
      make('div', { class: 'target-name' }, make('span', { class: 'mono', textContent: target.target }), part.health, part.standing),
      part.button, part.since, part.counts);
    return part;
  }
}
