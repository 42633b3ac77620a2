/** One client of the comparison in docs/money-safety.md. */
interface Client {
  readonly name: string;
  readonly writes: number;
  readonly doubled: number;
  readonly misreported: number;
}

const numberIn = (cell: string): number => Number(cell.replaceAll(',', ''));

/** The rows between the markers that the fault runs are written between. */
const clientsIn = (page: string): readonly Client[] => {
  const [, section = ''] = /<!-- faults:start -->([\s\S]*?)<!-- faults:end -->/.exec(page) ?? [];
  const clients = section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| client'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name = '', writes = '', doubled = '', misreported = '']) => ({
      name: name.replaceAll('`', ''),
      writes: numberIn(writes),
      doubled: numberIn(doubled),
      misreported: numberIn(misreported),
    }));
  if (clients.length === 0) throw new Error('docs/money-safety.md has no table of faults');
  return clients;
};

const [width, labelWidth, rowHeight, top] = [760, 270, 26, 64];
/** The widest bar, in pixels: room for its figure stays beside it. */
const barWidth = width - labelWidth - 80;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/**
 * The comparison as a picture: of 1,000 writes under faults, how many were charged or refunded twice, and how many happened and were
 * told as failed. It follows the colour scheme of the reader.
 */
export const faultsPicture = (page: string): string => {
  const clients = clientsIn(page).map(({ name, writes, doubled, misreported }) => ({
    name,
    doubled: Math.round((doubled * 1000) / writes),
    misreported: Math.round((misreported * 1000) / writes),
  }));
  const most = Math.max(...clients.map(({ doubled, misreported }) => doubled + misreported));
  const scaled = (count: number): number => Math.round((count * barWidth) / most);
  const height = top + clients.length * rowHeight + 8;
  const rows = clients.map(({ name, doubled, misreported }, index) => {
    const y = top + index * rowHeight;
    const [first, second] = [scaled(doubled), scaled(misreported)];
    const figures = doubled + misreported === 0 ? '0' : `${doubled} + ${misreported}`;
    return [
      `<text class="name" x="${labelWidth - 12}" y="${y + 14}">${escaped(name)}</text>`,
      `<rect class="doubled" x="${labelWidth}" y="${y + 2}" width="${first}" height="16"/>`,
      `<rect class="misreported" x="${labelWidth + first}" y="${y + 2}" width="${second}" height="16"/>`,
      `<text class="figure" x="${labelWidth + first + second + 6}" y="${y + 14}">${figures}</text>`,
    ].join('\n  ');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
  <title id="title">Of 1,000 writes under network faults: charged or refunded twice, and happened but reported as failed, by client</title>
  <style>
    text { font: 12px system-ui, sans-serif; fill: #1f2328 }
    .heading { font-weight: 600; font-size: 13px }
    .name { text-anchor: end }
    .doubled { fill: #c93c37 }
    .misreported { fill: #d9a33d }
    @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
  </style>
  <text class="heading" x="12" y="20">Of 1,000 writes under network faults</text>
  <rect class="doubled" x="12" y="32" width="12" height="12"/><text x="30" y="42">charged or refunded twice</text>
  <rect class="misreported" x="200" y="32" width="12" height="12"/><text x="218" y="42">happened, reported as failed</text>
  ${rows.join('\n  ')}
</svg>
`;
};
