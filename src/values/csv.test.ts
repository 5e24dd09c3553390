import { expect, test } from 'vitest';
import { writeCsv } from './csv.ts';

test('quotes what would break a record, and ends every record with CR LF', () => {
  expect(
    writeCsv(
      ['Name', 'Seconds'],
      [
        ['Müller, "Söhne"\nGmbH', 3600],
        [null, true],
      ],
    ),
  ).toBe('Name,Seconds\r\n"Müller, ""Söhne""\nGmbH",3600\r\n,true\r\n');
});

test.each([
  ['=1+1', "'=1+1"],
  ['+49 170', "'+49 170"],
  ['@cmd', "'@cmd"],
  ['-cmd|calc', "'-cmd|calc"],
  ['\tx', "'\tx"],
  ['\rx', '"\'\rx"'],
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['-12.50', '-12.50'],
  ['-1', '-1'],
  ['a=b', 'a=b'],
  ["'quoted", "'quoted"],
])('%j is no formula: %j', (cell, written) => {
  expect(writeCsv(['X'], [[cell]])).toBe(`X\r\n${written}\r\n`);
});

test('a negative number stays one', () => {
  expect(writeCsv(['X'], [[-5]])).toBe('X\r\n-5\r\n');
});
