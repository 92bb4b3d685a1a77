export function Inspect() {
  return <div className="screen">inspect</div>;
}
