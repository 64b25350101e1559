/**
 * npm run docs: the API pages, by TypeDoc from the docstrings, into out/docs/; any warning (a name without words,
 * a link to nowhere) fails. TypeDoc is installed with the package checks' tools.
 */
import { join } from 'node:path';
import { installTools, root, tool } from '../test/package/project.js';
import { cores } from '../tools/cores.js';

installTools();
const { Application } = await tool('typedoc');
const app = await Application.bootstrap({
  name: 'gradient-svd',
  entryPoints: cores.map(({ source }) => join(root, source)),
  tsconfig: join(root, 'tsconfig.json'),
  basePath: root,
  out: join(root, 'out/docs'),
  readme: 'none',
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  intentionallyNotExported: ['kinds', 'RunState'],
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Method'],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
});
const project = await app.convert();
if (!project) process.exit(1);
app.validate(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
await app.generateDocs(project, join(root, 'out/docs'));
