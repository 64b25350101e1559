/** Elements, made in one expression. */

type Child = Node | string | undefined | false;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean | undefined | EventListener> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(
    ...children.filter((child): child is Node | string => child !== undefined && child !== false),
  );
  return element;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** Written only when it changes, so that screen readers hear of news alone. */
export function text(element: Element, value: string): void {
  if (element.textContent !== value) element.textContent = value;
}

/** A colour of the theme that is in force. */
export const theme = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** A colour of the theme as three bytes. */
export function hex(name: string): readonly [number, number, number] {
  const value = Number.parseInt(theme(name).slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function field(label: string, input: HTMLElement): HTMLElement {
  return h('label', { class: 'field' }, label, ' ', input);
}

/** What the browser keeps for the next visit; private windows may refuse. */
export function remembered(key: string, value?: string): string | null {
  try {
    if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
