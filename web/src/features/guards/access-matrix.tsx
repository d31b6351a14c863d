import { Button, Group, NativeSelect, Table } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './guards.module.css';
import { matrixAsCsv, type MatrixRoute } from './matrix-as-csv.ts';

interface AccessMatrixProps {
  routes: MatrixRoute[];
  callers: string[];
}

const EVERYBODY = '';

/** Every route against everybody who could ask for it; what is shown can be taken along. */
export function AccessMatrix({ routes, callers }: AccessMatrixProps) {
  const [caller, setCaller] = useState(EVERYBODY);
  const passes = (route: MatrixRoute, who: string): boolean =>
    route.passes.includes('anybody') || route.passes.includes(who);
  const columns = caller === EVERYBODY ? callers : [caller];
  const shown = caller === EVERYBODY ? routes : routes.filter((route) => passes(route, caller));
  const save = (): void => {
    const url = URL.createObjectURL(
      new Blob([matrixAsCsv(shown, columns)], { type: 'text/csv;charset=utf-8' }),
    );
    const link = document.createElement('a');
    link.href = url;
    link.download = 'casemate-access-matrix.csv';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <Group align="end">
        <NativeSelect
          label="Who"
          data={[{ value: EVERYBODY, label: 'Everybody' }, ...callers]}
          value={caller}
          onChange={(event) => setCaller(event.currentTarget.value)}
        />
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={save}>
          Save as CSV
        </Button>
      </Group>
      <div className={classes.matrix} role="region" aria-label="Matrix" tabIndex={0}>
        <Table stickyHeader withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Route</Table.Th>
              {columns.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((route) => (
              <Table.Tr key={`${route.method} ${route.path}`}>
                <Table.Th scope="row">
                  {route.method} {route.path}
                </Table.Th>
                {columns.map((name) => (
                  <Table.Td key={name}>{passes(route, name) ? 'may' : '–'}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}
