/** The bytes of the bundle's core, inlined by the build (see tools/plugins/inline-core.js). */
declare module 'core.wasm' {
  const bytes: () => Uint8Array<ArrayBuffer>;
  export default bytes;
  /** What it is published as. */
  export const file: string;
  /** What its custom section `id` says. */
  export const id: string;
}
