/** The bytes of the core, inlined by the build (see rollup.config.js). */
declare module '*.wasm' {
  const bytes: () => Uint8Array<ArrayBuffer>;
  export default bytes;
}
