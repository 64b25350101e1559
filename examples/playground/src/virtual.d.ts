declare module 'virtual:ratings' {
  const ratings: import('../data.js').Ratings;
  export default ratings;
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
