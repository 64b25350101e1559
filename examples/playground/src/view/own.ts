/** A field for numbers of one's own. */
import { longestOwn } from '../model/link.js';
import { compact, PasteError, parse } from '../model/parse.js';
import type { Session } from '../session.js';
import { field, h, text } from './ui.js';

const tooLong = 'These numbers are too many for a link: it carries all but them.';

export function ownFields(session: Session): HTMLElement[] {
  const area = h('textarea', {
    rows: 6,
    spellcheck: 'false',
    'aria-describedby': 'own-help own-message',
    id: 'own',
  });
  area.value = session.config.own.replaceAll(';', '\n').replaceAll(',', ', ');
  const message = h('p', { id: 'own-message', class: 'message', role: 'alert' });
  const note = h('p', { id: 'own-note', class: 'hint', role: 'status' });
  const help = h(
    'p',
    { class: 'hint', id: 'own-help' },
    'CSV, tabs, spaces, JSON or a copy from a spreadsheet, decimal commas too (2,5; 3); ? for a gap.',
  );
  const use = async () => {
    text(note, '');
    try {
      const table = parse(area.value);
      area.removeAttribute('aria-invalid');
      text(message, '');
      const own = compact(table);
      const written = area.value;
      await session.change({ own, rank: 0 });
      // the fields are new; what was written and understood stays to be seen
      const renewed = document.querySelector<HTMLTextAreaElement>('#own');
      if (renewed) renewed.value = written;
      // gaps are told of with the matrix
      const told = table.notes.filter((said) => !said.includes('gaps'));
      const status = document.querySelector('#own-note');
      if (status) text(status, [...told, ...(own.length > longestOwn ? [tooLong] : [])].join(' '));
    } catch (error) {
      if (!(error instanceof PasteError)) throw error;
      area.setAttribute('aria-invalid', 'true');
      text(message, error.message);
      area.focus();
    }
  };
  const button = h('button', { type: 'button', id: 'use-own', click: use }, 'Use these numbers');
  return [field('Numbers, one row a line', area), help, message, note, button];
}
