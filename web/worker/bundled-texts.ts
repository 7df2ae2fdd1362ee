/** Where the build has put the bundled texts; asking for an address loads nothing yet. */
const ADDRESSES: Readonly<Record<string, string>> = import.meta.glob('../corpora/texts/*.txt', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** Fetches a bundled text from where the page itself came from. */
export async function readBundledText(fileName: string): Promise<Uint8Array<ArrayBuffer>> {
  const address = ADDRESSES[`../corpora/texts/${fileName}`];
  if (address === undefined) throw new Error(`the text ${fileName} is not part of this page`);
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the text ${fileName} could not be loaded (${response.status}); try once more`);
  return new Uint8Array(await response.arrayBuffer());
}
