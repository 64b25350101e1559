/**
 * npm run release:check: what must be there before a version is published, and only its owner can say; exit code 1
 * until it is. CONTRIBUTING.md says where to put it.
 */
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { version } = manifest;
const https = (url) => /^(git\+)?https:\/\/\S+\.\S+/.test(url ?? '');

/** [is it there?, what is wrong otherwise] */
const checks = [
  [
    https(manifest.repository?.url),
    'package.json: "repository": { "type": "git", "url": "git+https://…" }; links of the package page and npm provenance need it',
  ],
  [
    https(manifest.homepage),
    'package.json: "homepage": "https://…", where the docs or the playground are served',
  ],
  [https(manifest.bugs?.url), 'package.json: "bugs": { "url": "https://…" }'],
  [
    /\S/.test(manifest.author?.name ?? manifest.author ?? ''),
    'package.json: "author": "Name <mail> (https://…)"',
  ],
  [!manifest.private, 'package.json: "private" forbids publishing'],
  [
    new RegExp(`^# Changelog\\n[^#]*## ${version.replaceAll('.', '\\.')}, \\d{4}-\\d\\d-\\d\\d\n`).test(
      read('CHANGELOG.md'),
    ),
    `CHANGELOG.md: its first heading is to be "## ${version}, YYYY-MM-DD", package.json's version with a date`,
  ],
  [
    !/!\[[^\]]*\]\((?!https:)|\]\((?!https:|#)/.test(read('README.md')),
    'README.md: a relative link or picture; on a package page it leads nowhere',
  ],
];

const missing = checks.filter(([there]) => !there).map(([, what]) => what);
for (const what of missing) console.error(`- ${what}`);
if (missing.length > 0) {
  console.error(`\n${missing.length} of ${checks.length} are to be done before ${version} is published.`);
  process.exitCode = 1;
} else console.log(`${version} can be published: npm publish`);
