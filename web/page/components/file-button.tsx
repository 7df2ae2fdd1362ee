/** The browser's own file control under a label of ours: it keeps focus, name and keyboard. */
export function FileButton(props: { label: string; accept: string; onFile: (file: File) => void }) {
  return (
    <label class="button file-button">
      {props.label}
      <input
        type="file"
        class="visually-hidden"
        accept={props.accept}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // So that the same file can be chosen again after it was changed.
          if (file !== undefined) props.onFile(file);
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}
