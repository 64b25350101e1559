/** A Redis of our own: on a free port, nothing written to disk, gone when this process ends, however it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Where it listens. */
export async function startRedis() {
  const port = await freePort();
  const args = ['--bind', '127.0.0.1', '--port', port, '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => server.kill());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  await new Promise((ready, failed) => {
    let log = '';
    server.stdout.on('data', (text) => {
      log += text;
      if (log.includes('Ready to accept connections')) ready();
    });
    server.once('error', ({ code, message }) => {
      const absent =
        '!!! there is no redis-server here, and this example needs one: apt-get install redis-server';
      failed(new Error(code === 'ENOENT' ? absent : message));
    });
    server.once('exit', () => failed(new Error(`redis-server has ended:\n${log}`)));
  });
  return { host: '127.0.0.1', port };
}
