/** The page: what is picked goes to the worker, what the worker finds is drawn. */
import 'uplot/dist/uPlot.min.css';
import '../style/base.css';
import '../style/layout.css';
import '../style/controls.css';
import '../style/lesson.css';
import '../style/run.css';
import '../style/figures.css';
import '../style/small.css';
import { lesson } from './model/stories.js';
import { Session } from './session.js';
import { frames } from './view/frames.js';
import { hidden } from './view/hidden.js';
import { keys } from './view/keys.js';
import { lessons } from './view/lesson.js';
import { losses } from './view/losses.js';
import { maps } from './view/maps.js';
import { picture } from './view/picture.js';
import { purpose } from './view/purpose.js';
import { settings } from './view/settings.js';
import { share } from './view/share.js';
import { themes } from './view/theme.js';
import { transport } from './view/transport.js';
import { valley } from './view/valley.js';
import { values } from './view/values.js';
import { verdicts } from './view/verdicts.js';

const session = new Session();
themes(session);
for (const part of [
  transport,
  picture,
  valley,
  losses,
  lessons,
  verdicts,
  hidden,
  maps,
  values,
  settings,
  share,
  keys,
  purpose,
  frames,
]) {
  part(session);
}

addEventListener('hashchange', () => session.open(location.hash));
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
// a link shows its run as it stands; a visit starts with the lesson, on its way
if (location.hash !== '') void session.open(location.hash);
else void session.tellStory(lesson[0]!, !still);
