/** The page: it lives from the stream of events of all services. */
import * as calls from './calls.js';
import { stepOf } from './change.js';
import { withdraw } from './confirm.js';
import { keep, make, show, text } from './dom.js';
import * as format from './format.js';
import { Model } from './model.js';
import { ServiceCard } from './service.js';
import { say } from './words.js';

const by = id => document.getElementById(id);
const MANY = 6;
const CHANGES = new Set(['switched', 'changed', 'ended', 'refused', 'reloaded', 'health', 'outage', 'rehearsal']);
const HISTORIC = new Set(['switched', 'changed', 'ended', 'refused', 'reloaded', 'outage']);

const models = new Map();
const cards = new Map();
const links = new Map();
const asking = new Set();
/** The health of each service that was announced last. */
const told = new Map();
let lostAt = null;
let isKnown = false;
let stream = null;

const announce = (place, sentence) => text(by(place), sentence);

// --- Overview ------------------------------------------------------------------------------------------------------

/** Makes the link to the card of a service, which opens the card. */
const linkTo = name => {
  const link = make('a', { href: `#card-${name}`, textContent: name });
  link.onclick = event => {
    event.preventDefault();
    by('filter').value = '';
    filter();
    cards.get(name)?.visit();
  };
  return { element: make('li', {}, link) };
};

const overview = () => {
  const down = [...models.values()].filter(model => model.health === 'DOWN').map(model => model.name).sort();
  show(by('overview'), isKnown);
  text(by('overview-title'), models.size === 0 ? say.noService : down.length === 0 ? say.allUp(models.size) : say.someDown(down.length, models.size));
  by('overview-title').classList.toggle('wrong', down.length > 0);
  show(by('overview-bad'), down.length > 0 && models.size > 1);
  keep(by('overview-bad'), links, down, name => name, linkTo, () => {});
  show(by('filter'), models.size > MANY);
  const first = models.values().next().value;
  if (first !== undefined) {
    const { turnout, mode } = first.status;
    text(by('process'), say.process(turnout.version, mode, format.ago(turnout.startedAt)));
    const title = lostAt !== null ? say.titleLost : models.size === 1 ? `${first.name} ${say[first.health]}` : down.length === 0 ? say.allUp(models.size) : say.someDown(down.length, models.size);
    if (document.title !== `${title} - Turnout`) document.title = `${title} - Turnout`;
  }
};

const filter = () => {
  const wanted = by('filter').value.trim().toLowerCase();
  for (const card of cards.values()) show(card.element, card.name.toLowerCase().includes(wanted));
};

const arrange = () => {
  const place = by('services');
  [...cards.values()].sort((one, other) => one.name.localeCompare(other.name)).forEach((card, index) => {
    if (place.children[index] !== card.element) place.insertBefore(card.element, place.children[index] ?? null);
  });
  filter();
};

// --- Fleet ---------------------------------------------------------------------------------------------------------

const UNWELL = new Set(['trouble', 'member-missing', 'member-behind']);

/** The line of the fleet; a Turnout without one never gets an event of this kind. */
const fleet = ({ verdict, member, fleet: now }) => {
  const list = members => members.join(', ');
  const parts = now.fleet === null ? [say.fleetAlone(now.name)] : [
    say.fleetOf(now.name, now.members.length),
    now.missing.length > 0 ? say.fleetMissing(list(now.missing)) : null,
    now.behind.length > 0 ? say.fleetBehind(list(now.behind)) : null,
    now.troubleKind === null && now.missing.length + now.behind.length === 0 ? say.fleetInStep : null,
    say.fleetStore[now.troubleKind ?? 'well'](format.moment(now.since)),
    say.fleetRevision(now.revision),
  ];
  text(by('fleet'), parts.filter(part => part !== null).join(' · '));
  by('fleet').classList.toggle('wrong', now.fleet !== null && (now.troubleKind !== null || now.missing.length > 0));
  show(by('fleet'), true);
  if (verdict !== 'seen') announce(UNWELL.has(verdict) ? 'urgent' : 'polite', say.fleetNews[verdict](member));
};

// --- Services ------------------------------------------------------------------------------------------------------

const page = {
  isInContact: () => lostAt === null,
  changed: name => refresh(name),
};

/** Announces that a service is down, or up again, whatever has told of it. */
const hear = model => {
  const before = told.get(model.name);
  const now = model.health;
  told.set(model.name, now);
  if (before === undefined || before === now) return;
  if (now === 'DOWN') announce('urgent', say.announceDown(model.name));
  if (before === 'DOWN' && now === 'UP') announce('polite', say.announceUp(model.name));
};

const take = status => {
  const known = models.get(status.service);
  if (known === undefined) {
    const model = new Model(status);
    models.set(status.service, model);
    cards.set(status.service, new ServiceCard(model, page));
    arrange();
    if (status.services.length === 1) cards.get(status.service).toggle(true);
  } else {
    known.take(status);
    cards.get(status.service).update();
  }
  hear(models.get(status.service));
  isKnown = true;
  retain(status.services.map(service => service.name));
  overview();
};

/** Drops the services that a reload has removed. */
const retain = names => {
  for (const name of [...models.keys()]) {
    if (!names.includes(name)) {
      cards.get(name).element.remove();
      cards.delete(name);
      models.delete(name);
      told.delete(name);
    }
  }
};

/** Asks for the status of a service; once more if something happens meanwhile. */
const refresh = async name => {
  if (asking.has(name)) {
    asking.add(`${name} again`);
    return;
  }
  asking.add(name);
  try {
    take(await calls.ask('/admin/status', { service: name }));
  } catch {
    // The service is gone, or contact is: the stream tells.
  } finally {
    asking.delete(name);
  }
  if (asking.delete(`${name} again`)) await refresh(name);
};

// --- Events --------------------------------------------------------------------------------------------------------

const tell = (kind, data) => {
  const name = data.service;
  if (kind === 'switched') announce('polite', say.announceSwitched(name, say[data.to], data.version));
  if (kind === 'refused') announce('urgent', (data.problem?.reason === 'FLEET_NOT_KNOWN' ? say.announceNotKnown : say.announceRefused)(name, say.whatIs(data.what)));
  if (kind === 'step') announce('polite', say.announceStep(name, say.steps[stepOf(data.step)]));
};

const happened = (kind, data) => {
  if (kind === 'status') {
    take(data);
    return;
  }
  if (kind === 'reset') {
    isKnown = true;
    retain(data.services);
    return;
  }
  if (kind === 'fleet') {
    fleet(data);
    return;
  }
  const model = models.get(data.service);
  if (model === undefined) {
    if (data.service !== undefined) refresh(data.service);
    return;
  }
  const card = cards.get(data.service);
  if (kind === 'traffic') {
    model.count(data, performance.now());
    card.second();
    hear(model);
    // The events tell when a change ends; the status tells a moment later that the service is free.
    if (model.change !== null) refresh(data.service);
    return;
  }
  if (kind === 'step' && model.change?.since !== data.since) card.begun();
  model.note(kind, data);
  tell(kind, data);
  hear(model);
  card.update();
  overview();
  if (CHANGES.has(kind)) refresh(data.service);
  if (HISTORIC.has(kind)) card.refreshHistory();
};

// --- Contact -------------------------------------------------------------------------------------------------------

/** @param reason why Turnout refuses the stream, in its words; null if it does not answer */
const contact = (isThere, reason = null) => {
  if (!isThere) {
    text(by('contact-title'), reason === null ? say.lostTitle(format.time(lostAt ?? Date.now())) : say.streamRefused);
    text(by('contact-text'), reason ?? say.lostText);
  }
  if (isThere === (lostAt === null)) return;
  lostAt = isThere ? null : Date.now();
  show(by('contact'), !isThere);
  document.body.classList.toggle('gone', !isThere);
  if (isThere) {
    announce('polite', say.contactBack);
    for (const name of models.keys()) {
      refresh(name);
      cards.get(name).refreshHistory();
    }
  } else {
    withdraw();
  }
  for (const card of cards.values()) card.update();
  overview();
};

const start = () => {
  show(by('sign-in'), false);
  show(by('sign-out'), calls.token.get() !== null);
  stream = new calls.EventStream({
    opened: () => contact(true),
    event: happened,
    lost: reason => contact(false, reason),
    refused: status => {
      if (status === 401) askForToken(say.wrongToken);
    },
  });
  stream.run();
};

const askForToken = reason => {
  stream?.stop();
  const hadToken = calls.token.get() !== null;
  calls.token.clear();
  lostAt = null;
  isKnown = false;
  show(by('contact'), false);
  document.body.classList.remove('gone');
  retain([]);
  overview();
  show(by('sign-out'), false);
  show(by('sign-in'), true);
  text(by('wrong'), hadToken ? reason : '');
  by('token').focus();
};

document.querySelectorAll('[data-say]').forEach(element => text(element, say[element.dataset.say]));
by('filter').placeholder = say.filterServices;
by('filter').setAttribute('aria-label', say.filterServices);
by('filter').oninput = filter;
by('sign-out').onclick = () => askForToken('');
by('sign-in').onsubmit = event => {
  event.preventDefault();
  const given = by('token').value.trim();
  if (given === '') return;
  by('token').value = '';
  if (!calls.token.isSendable(given)) {
    text(by('wrong'), say.wrongToken);
    return;
  }
  calls.token.set(given);
  start();
};
setInterval(() => {
  if (lostAt === null) {
    for (const card of cards.values()) {
      card.update();
      // No event tells of most warnings.
      if (card.isOpen) refresh(card.name);
    }
  }
  overview();
}, 10_000);
if (document.documentElement.dataset.token === 'needed' && calls.token.get() === null) askForToken('');
else start();
