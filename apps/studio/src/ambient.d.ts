/** Styles are imported for their effect; Vite gathers them. */
declare module '*.css';

interface ImportMeta {
  readonly env: { readonly DEV: boolean };
}
