/** A link to the run as it stands. */
import type { Session } from '../session.js';
import { byId, text } from './ui.js';

export function share(session: Session): void {
  const button = byId('share');
  button.addEventListener('click', async () => {
    await session.keep();
    try {
      await navigator.clipboard.writeText(location.href);
      text(button, 'Copied');
    } catch {
      text(button, 'Copy it from the address bar');
    }
    setTimeout(() => text(button, 'Copy link'), 2500);
  });
}
