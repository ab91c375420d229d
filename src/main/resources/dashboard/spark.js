/** Small charts of the last minute, as inline SVG. */
import { make, text } from './dom.js';
import { say } from './words.js';

const POINTS = 60;
const HEIGHT = 30;
const NS = 'http://www.w3.org/2000/svg';

const shape = (tag, className) => {
  const element = document.createElementNS(NS, tag);
  element.setAttribute('class', className);
  return element;
};

/** A line of the last {@code POINTS} values, with its newest value beside its name. */
export class Spark {
  #values = [];
  #line = shape('polyline', 'line');
  #area = shape('polygon', 'area');
  #now = make('span');
  #svg = shape('svg', '');
  #name;
  #isWrong;

  constructor(name, isWrong) {
    this.#name = name;
    this.#svg.setAttribute('viewBox', `0 0 ${POINTS - 1} ${HEIGHT}`);
    this.#svg.setAttribute('preserveAspectRatio', 'none');
    this.#svg.setAttribute('role', 'img');
    const base = shape('line', 'base');
    Object.entries({ x1: 0, x2: POINTS - 1, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }).forEach(([key, value]) => base.setAttribute(key, value));
    this.#isWrong = isWrong;
    if (!isWrong) this.#svg.append(this.#area);
    this.#svg.append(base, this.#line);
    this.element = make('figure', { class: 'spark' }, make('figcaption', {}, make('span', { textContent: name }), this.#now), this.#svg);
    this.#draw('');
  }

  add(value, shown) {
    this.#values.push(value);
    if (this.#values.length > POINTS) this.#values.shift();
    text(this.#now, shown);
    this.#draw(shown);
  }

  #draw(shown) {
    const top = Math.max(1, ...this.#values);
    const left = POINTS - this.#values.length;
    if (this.#isWrong) this.#line.setAttribute('class', this.#values.some(value => value > 0) ? 'errors' : 'quiet');
    const points = this.#values.map((value, index) => `${left + index},${(HEIGHT - 1 - (value / top) * (HEIGHT - 3)).toFixed(1)}`);
    this.#line.setAttribute('points', points.join(' '));
    this.#area.setAttribute('points', points.length ? `${left},${HEIGHT} ${points.join(' ')} ${POINTS - 1},${HEIGHT}` : '');
    this.#svg.setAttribute('aria-label', say.sparkTitle(this.#name, shown || say.none));
  }
}
