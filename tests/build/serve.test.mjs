import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addressOf, serve, serveOnFreePort } from '../../web/build/serve.mjs';

let folder;
let server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-serve-'));
  await mkdir(join(folder, 'site/texts'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'site/index.html'), '<p>hello');
  await writeFile(join(folder, 'site/unroll.wasm'), Uint8Array.of(0, 97, 115, 109));
  await writeFile(join(folder, 'site/texts/a b.txt'), 'é');
  await mkdir(join(folder, 'site/api'));
  await writeFile(join(folder, 'site/api/index.html'), '<p>api');
  server = await serve(join(folder, 'site'), 0);
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** A request whose path is sent as it stands; fetch() would tidy it first. */
function get(path, method = 'GET') {
  const { hostname, port } = new URL(addressOf(server));
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, agent: false }, async (response) => {
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      resolve({ status: response.statusCode, type: response.headers['content-type'], body });
    });
    sent.on('error', reject).end();
  });
}

describe('the server', () => {
  it('gives each file with its type', async () => {
    expect(await get('/')).toEqual({ status: 200, type: 'text/html; charset=utf-8', body: '<p>hello' });
    expect(await get('/unroll.wasm')).toMatchObject({ status: 200, type: 'application/wasm' });
    expect(await get('/texts/a%20b.txt?x')).toEqual({ status: 200, type: 'text/plain; charset=utf-8', body: 'é' });
    expect(await get('/api/?x')).toEqual({ status: 200, type: 'text/html; charset=utf-8', body: '<p>api' });
    expect(await get('/', 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it.each(['/none', '/none/', '/texts', '/texts/', '/texts?x=/', '/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%', '/a%00b'])(
    'has nothing at %s',
    async (path) => expect((await get(path)).status).toBe(404),
  );

  it('takes no other method', async () => expect((await get('/', 'POST')).status).toBe(404));

  it('listens to this machine alone', () => expect(server.address().address).toBe('127.0.0.1'));

  it('moves on from a port that is taken', async () => {
    const { port } = server.address();
    await expect(serve(join(folder, 'site'), port)).rejects.toThrow('already in use');
    const other = await serveOnFreePort(join(folder, 'site'), port);
    expect(other.address().port).toBeGreaterThan(port);
    await new Promise((resolve) => other.close(resolve));
  });
});
