/** Elements that are made once, and whose texts change in place, so that a selection and the focus stay. */

/** Makes an element. A property that is no property of the element is an attribute. */
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class') element.className = value;
    else if (name in element && name !== 'list') element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
};

/** Sets the text of an element, which has no other children, if it differs. */
export const text = (element, value) => {
  const wanted = String(value);
  const node = element.firstChild;
  if (node === null) element.append(wanted);
  else if (node.data !== wanted) node.data = wanted;
};

export const attribute = (element, name, value) => {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
};

export const style = (element, value) => {
  if (element.className !== value) element.className = value;
};

export const show = (element, isShown) => {
  if (element.hidden === isShown) element.hidden = !isShown;
};

/**
 * Keeps a child for each item, in the order of the items.
 *
 * @param parts a Map from keys to parts, each with its `element`
 */
export const keep = (parent, parts, items, keyOf, makePart, update) => {
  const wanted = new Set();
  items.forEach((item, index) => {
    const key = keyOf(item);
    wanted.add(key);
    let part = parts.get(key);
    if (part === undefined) {
      part = makePart(item);
      parts.set(key, part);
    }
    update(part, item);
    if (parent.children[index] !== part.element) parent.insertBefore(part.element, parent.children[index] ?? null);
  });
  for (const [key, part] of parts) {
    if (!wanted.has(key)) {
      part.element.remove();
      parts.delete(key);
    }
  }
};
