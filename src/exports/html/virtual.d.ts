declare module 'virtual:player' {
  export const script: string;
  export const style: string;
}
