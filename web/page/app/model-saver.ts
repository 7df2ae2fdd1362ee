import type { TrainingClient } from '../../worker/client.js';
import { messages } from '../messages.js';
import { isOwnText } from '../state/settings.js';
import type { Store } from '../state/store.js';
import { refusalOf } from './refusals.js';

/** How long a browser may take to begin a download; then the bytes can be let go. */
const KEPT_MS = 60_000;

/** Lets the network leave the page as a file. */
export async function saveModel(store: Store, client: TrainingClient): Promise<void> {
  try {
    const { bytes } = await client.request('saveModel', {});
    const name = fileNameOf(store);
    offerDownload(bytes, name);
    store.announcement.value = messages.status.saved(name);
  } catch (error) {
    const refusal = refusalOf(error, 'model');
    if (refusal !== null) store.errors.value = { ...store.errors.value, model: refusal.sentence };
  }
}

function fileNameOf({ run, config, step }: Store): string {
  const { text, cell, hiddenSize: hidden } = run.value?.config ?? config.value;
  const textName = isOwnText(text) ? 'own-text' : text;
  return `unroll-${textName}-${cell}-${hidden}-step-${step.value}.safetensors`;
}

/** Hands bytes to the browser as a file to be saved. */
function offerDownload(bytes: Uint8Array<ArrayBuffer>, fileName: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
