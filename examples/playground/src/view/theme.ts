/** Light or dark, as the system has it until somebody chooses. */
import type { Session } from '../session.js';
import { byId, remembered } from './ui.js';

export function themes(session: Session): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    const chosen = remembered('theme');
    const isDark = chosen === 'dark' || (chosen !== 'light' && dark.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    byId('theme').setAttribute('aria-pressed', String(isDark));
    if (session.problem) session.redraw();
  };
  byId('theme').addEventListener('click', () => {
    remembered('theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
    show();
  });
  dark.addEventListener('change', show);
  show();

  let resizing: number | undefined;
  addEventListener('resize', () => {
    clearTimeout(resizing);
    resizing = window.setTimeout(() => session.problem && session.redraw(), 100);
  });
}
