import tseslint from 'typescript-eslint';

const clock =
  'Time comes in as an argument: use the call’s `now`, or a `clock` passed down from program.ts, so that tests can set it.';

export default tseslint.config(
  { ignores: ['node_modules', 'data', 'src/database/rows.ts', 'docs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allow: [{ from: 'lib', name: ['Temporal'] }] },
      ],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config.ts', 'src/**/*.test.ts', 'src/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
        { object: 'Date', property: 'now', message: clock },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/program.ts', 'src/**/*.test.ts', 'src/testing/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date']", message: clock },
        { selector: "MemberExpression[object.name='Temporal'][property.name='Now']", message: clock },
      ],
    },
  },
  { files: ['**/*.js', '**/*.cjs', 'bin/*'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['*.config.ts', 'scripts/**', 'src/testing/**', 'src/**/*.test.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // The conformance suite asks for what older revisions have, deprecated or not.
    files: ['src/testing/conformance/**'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    // A test looks into answers as a client does: JSON that nobody has typed.
    files: ['src/**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
