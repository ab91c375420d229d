/** The question before a change: what will happen, and the health of what it goes to. */
import { make } from './dom.js';
import { healthOf, pillOf } from './slot.js';
import { say } from './words.js';

let made = 0;

const field = (label, input) => {
  input.id = `field-${++made}`;
  return make('div', { class: 'field' }, make('label', { htmlFor: input.id, textContent: label }), input);
};

const healthList = targets => make('ul', { class: 'targets' }, ...targets.map(target => make('li', { class: 'target' },
  make('div', { class: 'target-name' }, make('span', { class: 'mono', textContent: target.target }), make('span', { class: pillOf(target.health), textContent: say[target.health] ?? target.health })),
  make('p', { class: 'target-facts', textContent: healthOf(target) }))));

/**
 * Asks, and gives what the operator has filled in.
 *
 * @param question {title, text, slot, targets, confirm, hasBuild, hasWatch, hasForce, hasMaintenance}
 * @returns {Promise<object|null>} parameters of the call, or null if it is not wanted
 */
export const confirm = question => new Promise(resolve => {
  const version = make('input', { maxLength: 64, placeholder: say.versionHint, autocomplete: 'off' });
  const by = make('input', { maxLength: 64, value: sessionStorage.getItem('turnout.by') ?? '', autocomplete: 'name' });
  const note = make('input', { maxLength: 200, placeholder: say.noteHint, autocomplete: 'off' });
  const watch = make('select', {}, ...[['', say.watchNone], ['30s', say.watchFor(say.seconds(30))], ['2m', say.watchFor(say.minutes(2))], ['10m', say.watchFor(say.minutes(10))]]
    .map(([value, label]) => make('option', { value, textContent: label })));
  const force = make('input', { type: 'checkbox' });
  const message = make('input', { maxLength: 500, placeholder: say.messageHint, autocomplete: 'off' });
  const allow = make('input', { maxLength: 2000, placeholder: say.allowHint, autocomplete: 'off' });
  const retry = make('input', { maxLength: 10, placeholder: say.retryHint, autocomplete: 'off' });
  const fields = make('div', { class: 'fields' });
  if (question.hasBuild) fields.append(field(say.versionLabel, version));
  if (question.hasMaintenance) {
    const messageField = field(say.messageLabel, message);
    messageField.classList.add('wide');
    fields.append(messageField, field(say.allowLabel, allow), field(say.retryLabel, retry));
  }
  fields.append(field(say.byLabel, by));
  const noteField = field(say.noteLabel, note);
  noteField.classList.add('wide');
  fields.append(noteField);
  if (question.hasWatch) {
    const watchField = field(say.watchLabel, watch);
    watchField.classList.add('wide');
    fields.append(watchField);
  }
  if (question.hasForce) fields.append(make('label', { class: 'check wide' }, force, say.force));
  const back = make('button', { type: 'button', textContent: say.back });
  const titleId = `title-${++made}`;
  const form = make('form', { class: 'dialog', method: 'dialog' },
    make('h2', { id: titleId, textContent: question.title }), make('p', { textContent: question.text }),
    question.targets ? make('div', {}, make('p', { class: 'heading-health', textContent: say.goesTo(question.slot) }), healthList(question.targets)) : null,
    fields, make('div', { class: 'row' }, back, make('button', { class: 'primary', textContent: question.confirm })));
  const dialog = make('dialog', { 'aria-labelledby': titleId }, form);
  let wanted = null;
  form.onsubmit = event => {
    event.preventDefault();
    sessionStorage.setItem('turnout.by', by.value.trim());
    wanted = { by: by.value.trim(), note: note.value.trim() };
    if (question.hasBuild) wanted.version = version.value.trim();
    if (question.hasWatch) wanted.watch = watch.value;
    if (question.hasForce && force.checked) wanted.force = 'true';
    if (question.hasMaintenance) Object.assign(wanted, { message: message.value.trim(), allow: allow.value.trim(), 'retry-after': retry.value.trim() });
    dialog.close();
  };
  back.onclick = () => dialog.close();
  dialog.onclose = () => {
    dialog.remove();
    resolve(wanted);
  };
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector('.primary').focus();
});

/** Closes a question that is open: what it says does not hold any more. */
export const withdraw = () => document.querySelectorAll('dialog[open]').forEach(dialog => dialog.close());
