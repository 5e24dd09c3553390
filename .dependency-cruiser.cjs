// What src/floors.test.ts does not look at: circles, what nobody imports, and what package.json does not name.
const beginnings = [
  '^src/main\\.ts$',
  '^src/database/embedded/(worker|write-until-killed)\\.ts$',
  '^src/documents/pdf-worker\\.ts$',
  '^scripts/',
  '^src/testing/',
  '\\.test\\.ts$',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Files that need each other are one file, or one too many. Types may point both ways.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nobody imports it: wire it up or delete it.',
      from: { orphan: true, pathNot: ['\\.test\\.ts$', '^src/main\\.ts$'] },
      to: {},
    },
    {
      name: 'nothing-unused',
      severity: 'error',
      comment: 'Reached neither from where a process, worker or test begins.',
      from: { path: beginnings },
      to: { path: '^src/', reachable: false, pathNot: beginnings },
    },
    {
      name: 'named-in-package-json',
      severity: 'error',
      comment: 'A package that is only there because another one brought it can go any day.',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    {
      name: 'no-dev-dependency-in-code',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.test\\.ts$', '^src/testing/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.js'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
