import { messages } from '../messages.js';
import { formatCount } from '../state/format.js';
import { useApp } from './context.js';
import { FileButton } from './file-button.js';
import { Problem } from './problem.js';

/** The model leaves the page as a file, and a file comes back in. */
export function KeepPanel() {
  const { store, controller } = useApp();
  const opened = store.opened.value;
  const ready = store.run.value !== null;
  return (
    <section class="keep" aria-labelledby="keep-heading">
      <div class="section-head">
        <h2 id="keep-heading">{messages.model.heading}</h2>
      </div>
      <div class="keep-ways">
        <div class="keep-way">
          <button
            type="button"
            class="button"
            aria-disabled={!ready}
            aria-description={ready ? undefined : messages.writing.whyPreparing}
            onClick={() => ready && void controller.saveModel()}
          >
            {messages.model.save}
          </button>
          <p>{messages.model.saveAbout}</p>
        </div>
        <div class="keep-way">
          <FileButton
            label={messages.model.open}
            accept=".safetensors"
            onFile={(file) => void controller.bring((importer) => importer.openModel(file))}
          />
          <p>{messages.model.openAbout}</p>
        </div>
      </div>
      {opened !== null && (
        <p class="keep-opened">
          {messages.model.opened(
            opened.fileName,
            messages.model.summary(
              opened.cell,
              messages.network.layers(opened.numLayers),
              formatCount(opened.hiddenSize),
              formatCount(opened.parameterCount),
            ),
          )}{' '}
          <button type="button" class="link-button" onClick={() => controller.writer.closeModel()}>
            {messages.model.close}
          </button>
        </p>
      )}
      <Problem place="model" />
    </section>
  );
}
