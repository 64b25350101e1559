/**
 * A table in DuckDB whose singular values are known by construction: M = C diag(σ) H with the columns of a discrete
 * cosine transform, C(i, l) = sqrt(2 / m) cos(π (l + 1) (i + 1/2) / m), and the reflection H = I - (2 / n) 1 1ᵀ.
 */
import { DOUBLE, DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';

export const columns = 64;
/** σ of each column, descending. */
export const sigma = Array.from({ length: columns }, (_, l) => 0.6 ** l);

const list = (count, text) => Array.from({ length: count }, (_, l) => text(l)).join(', ');
const cosine = (l, i, m) => `cos(pi() * ${l + 1} * (${i} + 0.5) / ${m})`;

/** In the file at `path`, with so much memory for all that DuckDB does; rows stay in their order. */
export async function openDatabase(path, memory) {
  const instance = await DuckDBInstance.create(path, { memory_limit: memory, threads: '1' });
  const connect = () => instance.connect();
  const connection = await connect();
  await connection.run(`set force_compression = 'uncompressed'`);
  return { instance, connection, connect };
}

/** The table `readings` of so many rows; M is never anywhere else. */
export async function makeReadings(connection, m) {
  await connection.run(`
    create table readings as
    with
      scaled as (select ${list(columns, (l) => `${sigma[l] * Math.sqrt(2 / m)}::double * ${cosine(l, 'i', m)} as t${l}`)} from range(${m}) r(i)),
      summed as (select *, (${list(columns, (l) => `t${l}`).replaceAll(',', ' +')}) * ${2 / columns}::double as w from scaled)
    select ${list(columns, (l) => `t${l} - w as x${l}`)} from summed`);
}

/** The rows, some thousands at a time, each time anew: columns as DuckDB has them, one behind the other. */
export async function* readBlocks(connection) {
  const result = await connection.stream('select * from readings');
  let data = new Float64Array(0);
  for (;;) {
    const chunk = await result.fetchChunk();
    const rows = chunk?.rowCount ?? 0;
    if (rows === 0) return;
    // a block is done with when the next one is asked for: one buffer is enough
    if (data.length !== rows * columns) data = new Float64Array(rows * columns);
    for (let j = 0; j < columns; j++) {
      chunk.visitColumnValues(j, (value, i) => {
        data[j * rows + i] = value;
      });
    }
    yield { shape: [rows, columns], data, stride: [1, rows] };
  }
}

/** Blocks of U become the table `scores`, as they come; returns how many rows there were. */
export async function writeScores(connection, rank, blocks) {
  await connection.run(`create table scores (${list(rank, (a) => `u${a} double`)})`);
  const appender = await connection.createAppender('scores');
  let rows = 0;
  for await (const U of blocks) {
    const chunk = DuckDBDataChunk.create(new Array(rank).fill(DOUBLE), U.rows);
    chunk.setColumns(U.transpose().toArray());
    appender.appendDataChunk(chunk);
    rows += U.rows;
  }
  appender.closeSync();
  return rows;
}

/** What DuckDB itself finds in `scores`: how far UᵀU is from I, and |cosine| of each column with the one it should be. */
export async function checkScores(connection, rank, m) {
  const numbers = async (of) => (await connection.runAndReadAll(`select ${of} from scores`)).getRows()[0];
  const gram = await numbers(
    list(
      rank * rank,
      (e) => `sum(u${Math.floor(e / rank)} * u${e % rank}) - ${e % (rank + 1) === 0 ? 1 : 0}`,
    ),
  );
  const cosines = await numbers(
    list(rank, (a) => `abs(sum(u${a} * ${Math.sqrt(2 / m)}::double * ${cosine(a, 'rowid', m)}))`),
  );
  return { orthonormality: Math.max(...gram.map(Math.abs)), cosine: Math.min(...cosines) };
}
