/** How long a browser may take to begin a download; then the bytes can be let go. */
const KEPT_MS = 60_000;

/** Hands bytes to the browser as a file to be saved. */
export function offerDownload(bytes: Uint8Array<ArrayBuffer>, fileName: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
