/** Keyboard shortcuts: single letters, which do nothing while somebody writes, and can be switched off. */
import { stories } from '../model/stories.js';
import type { Session } from '../session.js';
import { toggle } from './transport.js';
import { byId, remembered } from './ui.js';

const writes = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=range])');

export function keys(session: Session): void {
  const on = byId<HTMLInputElement>('keys-on');
  on.checked = remembered('keys') !== 'off';
  on.addEventListener('change', () => remembered('keys', on.checked ? 'on' : 'off'));
  const dialog = byId<HTMLDialogElement>('keys-dialog');
  byId('keys').addEventListener('click', () => dialog.showModal());

  const press = (id: string) => byId<HTMLButtonElement>(id).click();
  const actions: Record<string, () => void> = {
    r: () => toggle(session),
    s: () => press('step'),
    h: () => press('step-many'),
    0: () => press('rewind'),
    d: () => press('theme'),
    '?': () => dialog.showModal(),
  };
  stories.forEach((story, index) => {
    actions[index + 1] = () => session.tellStory(story);
  });
  addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, altKey, metaKey, repeat } = event;
    if (!on.checked || dialog.open || ctrlKey || altKey || metaKey || repeat || writes(target)) return;
    const act = actions[key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
