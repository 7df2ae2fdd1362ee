import { extname } from 'node:path';

/** Serves static files to this machine alone, with Vite's preview server. Resolves to the server once it listens. */
export function serve(folder, port) {
  return listen(folder, { port, strictPort: true });
}

/** The same on the first free port from `first` on. */
export function serveOnFreePort(folder, first) {
  return listen(folder, { port: first, strictPort: false });
}

async function listen(folder, where) {
  const { preview } = await import('vite'); // which need not be installed before
  const { httpServer } = await preview({
    configFile: false,
    logLevel: 'silent',
    appType: 'custom', // what is not there is not there, and no page in its place
    root: folder,
    build: { outDir: '.' },
    preview: { host: '127.0.0.1', ...where },
    plugins: [
      { name: 'static-files', configurePreviewServer: ({ middlewares }) => void middlewares.use(asAnyServerWould) },
    ],
  });
  return httpServer;
}

/** A folder is its index.html, text is UTF-8, and nothing can be done to files but read them. */
function asAnyServerWould(request, response, next) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(404).end();
  const [asked, ...query] = request.url.split('?');
  const path = asked.endsWith('/') ? `${asked}index.html` : asked;
  request.url = [path, ...query].join('?');
  const type = texts[extname(path)];
  if (type) response.setHeader('Content-Type', `${type}; charset=utf-8`);
  next();
}

const texts = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.txt': 'text/plain',
};

/** The address of a listening server. */
export const addressOf = (server) => `http://127.0.0.1:${server.address().port}/`;
