export class Comparison {
  constructor(
    fixture: { readonly manifest: { readonly expected: object; readonly scalars: object } },
    tolerance: number,
  );
  readonly worst: { readonly error: number; readonly tolerance: number; readonly name: string };
  scalar(name: string, got: number, want: number): void;
  finish(): void;
}
