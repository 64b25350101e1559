declare module 'virtual:ratings' {
  const ratings: import('../data.js').NamedTable;
  export default ratings;
}
declare module 'virtual:temperatures' {
  const temperatures: import('../data.js').NamedTable;
  export default temperatures;
}
declare module 'virtual:volcano' {
  const volcano: { width: number; height: number; values: number[] };
  export default volcano;
}
declare module 'virtual:baboon' {
  const dataUri: string;
  export default dataUri;
}
declare module '*.css';
