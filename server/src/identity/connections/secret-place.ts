/** The associated data of a connection's secret: the row of another connection does not open. */
export function placeOfSecret(id: string): { table: string; row: string; field: string } {
  return { table: 'connection_secrets', row: id, field: 'value' };
}
