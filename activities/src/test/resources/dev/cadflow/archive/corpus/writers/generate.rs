use truck_modeling::*;
use truck_stepio::out;

fn main() {
    let vertex = builder::vertex(Point3::new(-20.0, -10.0, -5.0));
    let edge = builder::tsweep(&vertex, 40.0 * Vector3::unit_x());
    let face = builder::tsweep(&edge, 20.0 * Vector3::unit_y());
    let solid: Solid = builder::tsweep(&face, 10.0 * Vector3::unit_z());
    let compressed = solid.compress();
    print!(
        "{}",
        out::CompleteStepDisplay::new(
            out::StepModel::from(&compressed),
            out::StepHeaderDescriptor {
                file_name: "box".to_owned(),
                time_stamp: "2026-11-22T00:00:00".to_owned(),
                authors: vec!["unknown".to_owned()],
                organization: vec!["unknown".to_owned()],
                organization_system: "unknown".to_owned(),
                authorization: "unknown".to_owned(),
            }
        )
    );
}
