/** What the tests use of the build's scripts, which are plain JavaScript so that they run before anything is installed. */
declare module '*/web/build/paths.mjs' {
  export function inRoot(...parts: string[]): string;
}
declare module '*/web/build/serve.mjs' {
  export function serve(folder: string, port: number): Promise<import('node:http').Server>;
  export function addressOf(server: import('node:http').Server): string;
}
declare module '*/web/build/system.mjs' {
  export function findChromium(): string | undefined;
}
