// The package's entry for Node cannot be loaded as a module; its other file can, and has no declarations of its own.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}
