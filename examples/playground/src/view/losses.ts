/** The two charts: the loss of every lane, and the terms of the one that is looked at. */
import { hides } from '../model/config.js';
import { heldOutColumn } from '../model/protocol.js';
import type { Session } from '../session.js';
import { Chart, loadCharts } from './charts.js';
import { byId, text } from './ui.js';

export function losses(session: Session): void {
  const loss = new Chart(byId('chart-loss'), byId('legend-loss'), 'Loss over iterations');
  const terms = new Chart(byId('chart-terms'), byId('legend-terms'), 'The terms of the loss over iterations');
  const lanes = () => session.config.lanes.map((_, index) => index);
  const hidden = () => hides(session.config);

  const setup = () => {
    const { shown } = session;
    const many = session.config.lanes.length > 1;
    loss.setup(
      lanes().map((index) => ({
        label: session.laneName(index),
        colour: `lane-${index}`,
        width: many && index === shown ? 3 : 2,
      })),
    );
    const colour = `lane-${shown}`;
    terms.setup([
      { label: 'M − U diag(S) Vᵀ', colour, width: 2.5 },
      { label: 'UᵀU − I', colour, dash: [9, 5] },
      { label: 'VᵀV − I', colour, dash: [2, 4] },
      ...(hidden() ? [{ label: 'error of what is hidden', colour: 'ink', width: 2 }] : []),
    ]);
    for (const span of document.querySelectorAll('.of-lane')) {
      text(span, many ? `of ${session.laneName(shown)}` : '');
    }
  };
  const draw = () => {
    const { at } = session.history;
    loss.set(
      at,
      lanes().map((index) => session.column(index, 0)),
    );
    const columns = [1, 2, 3, ...(hidden() ? [heldOutColumn] : [])];
    terms.set(
      at,
      columns.map((what) => session.column(session.shown, what)),
    );
  };
  session.on('settings', () => {
    setup();
    draw();
  });
  session.on('look', () => {
    setup();
    draw();
  });
  session.on('frame', draw);
  session.once('frame', () => void loadCharts());
}
