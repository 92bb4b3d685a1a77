export function Train() {
  return <div className="screen">train</div>;
}
