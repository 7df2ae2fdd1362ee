/** Of Trusted Types, what is used here. Not every browser has them, and TypeScript does not know them yet. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

/** The page's only policy, and nothing but `startWorker` can ask it. Its name stands in the page's CSP. */
const policy = trustedTypes?.createPolicy('unroll', { createScriptURL: ownScript });

/** Starts one of our own workers, from the address that the build gives to its script. */
export function startWorker(url: string): Worker {
  return new Worker(policy === undefined ? ownScript(url) : policy.createScriptURL(url), { type: 'module' });
}

/** All our scripts are built into one folder. */
function ownScript(url: string): string {
  const { href } = new URL(url, import.meta.url);
  if (folderOf(href) === folderOf(import.meta.url)) return href;
  throw new TypeError(`startWorker: ${href} is not a script of this page`);
}

const folderOf = (address: string): string => address.slice(0, address.lastIndexOf('/'));
