#!/usr/bin/env python3
"""Writes the files of the corpus into a folder: python3 generate.py FOLDER

    python3 -m venv v
    v/bin/pip install cadquery==2.8.0 cadquery-ocp==7.9.3.1.1 build123d==0.12.0 trimesh==5.2.0 networkx lxml \
        numpy-stl==4.1.1 pygltflib==1.16.5 lib3mf==2.5.0 vtk==9.6.2 bpy==4.5.15
    apt-get install gmsh assimp-utils openscad admesh                      # Debian 12
    npm install three@0.187.0 @gltf-transform/core@4.5.1 @jscad/modeling@2.13.0 \
        @jscad/stl-serializer@2.1.23                                       # where generate.mjs is started
    cargo add truck-modeling@0.6 truck-stepio@0.3                          # with generate.rs as src/main.rs

Millimetres throughout; meshes are coarse, so that the files are small.
"""

import json
import math
import struct
import subprocess
import sys
from pathlib import Path

OUT = Path(sys.argv[1]).resolve()
COARSE = {"tolerance": 1.0, "angularTolerance": 0.7}


def box():
    """The part: 40 x 20 x 10 mm with a through-hole of 5 mm."""
    import cadquery as cq

    return cq.Workplane().box(40, 20, 10).faces(">Z").workplane().hole(5)


def opencascade():
    import cadquery as cq
    from OCP.Interface import Interface_Static
    from OCP.STEPControl import STEPControl_AsIs, STEPControl_Writer

    def write(shape, name, schema="AP214IS", unit="MM"):
        writer = STEPControl_Writer()
        Interface_Static.SetCVal_s("write.step.schema", schema)
        Interface_Static.SetCVal_s("write.step.unit", unit)
        writer.Transfer(shape.val().wrapped, STEPControl_AsIs)
        writer.Write(str(OUT / f"opencascade-{name}.step"))

    write(box(), "ap203", "AP203")
    write(box(), "ap214", "AP214IS")
    write(box(), "ap242", "AP242DIS")
    write(box(), "inch", unit="INCH")
    write(cq.Workplane().sphere(10), "sphere")
    write(cq.Workplane(obj=cq.Solid.makeCone(10, 4, 20)), "cone")
    write(cq.Workplane().box(40, 20, 10).edges("|Z").fillet(3), "fillet")
    wave = cq.Workplane().spline([(0, 0), (10, 5), (20, 0), (30, 5)]).lineTo(30, -10).lineTo(0, -10).close()
    write(wave.extrude(5), "spline")


def cadquery():
    import cadquery as cq

    part = box()
    cq.exporters.export(part, str(OUT / "cadquery-binary.stl"), opt={"ascii": False}, **COARSE)
    cq.exporters.export(part, str(OUT / "cadquery-ascii.stl"), opt={"ascii": True}, **COARSE)
    cq.exporters.export(part, str(OUT / "cadquery.3mf"), **COARSE)
    two = cq.Assembly().add(part, name="left").add(part, name="right", loc=cq.Location(cq.Vector(50, 0, 0)))
    two.export(str(OUT / "cadquery-assembly.step"))
    two.export(str(OUT / "cadquery-assembly.glb"), **COARSE)


def build123d():
    import build123d as bd

    part = bd.Box(40, 20, 10) - bd.Cylinder(2.5, 10)
    bd.export_step(part, str(OUT / "build123d.step"))
    bd.export_gltf(part, str(OUT / "build123d.glb"), binary=True, linear_deflection=1.0, angular_deflection=0.7)
    mesher = bd.Mesher()
    mesher.add_shape(part, linear_deflection=1.0, angular_deflection=0.7)
    mesher.write(str(OUT / "build123d-lib3mf.3mf"))


def gmsh():
    script = OUT / "box.geo"
    script.write_text(
        'SetFactory("OpenCASCADE");\nBox(1) = {-20, -10, -5, 40, 20, 10};\n'
        "Cylinder(2) = {0, 0, -5, 0, 0, 10, 2.5};\n"
        "BooleanDifference(3) = { Volume{1}; Delete; }{ Volume{2}; Delete; };\n"
        "Mesh.CharacteristicLengthMin = 20;\nMesh.CharacteristicLengthMax = 20;\n"
    )
    run("gmsh", "-2", "-format", "stl", "-o", OUT / "gmsh-ascii.stl", script)
    run("gmsh", "-2", "-bin", "-format", "stl", "-o", OUT / "gmsh-binary.stl", script)
    # Only a script can save a model as STEP.
    script.write_text(script.read_text() + f'Save "{OUT}/gmsh.step";\n')
    run("gmsh", "-", script)
    script.unlink()


def assimp():
    source = OUT / "cadquery-binary.stl"
    run("assimp", "export", source, OUT / "assimp-ascii.stl", "-fstl")
    run("assimp", "export", source, OUT / "assimp-binary.stl", "-fstlb")
    run("assimp", "export", source, OUT / "assimp.glb", "-fglb2")
    run("assimp", "export", source, OUT / "assimp.3mf", "-f3mf")


def trimesh():
    import trimesh as tm

    mesh = tm.load(OUT / "cadquery-binary.stl")
    mesh.export(OUT / "trimesh-binary.stl")
    mesh.export(OUT / "trimesh.glb")
    mesh.export(OUT / "trimesh.3mf")
    turned = tm.Scene({"part": mesh})
    turned.add_geometry(mesh, transform=tm.transformations.rotation_matrix(0.5, [0, 0, 1]))
    turned.export(OUT / "trimesh-scene.glb")
    moved = tm.Scene({"part": mesh})
    moved.add_geometry(mesh, transform=tm.transformations.translation_matrix([50, 0, 0]))
    moved.export(OUT / "trimesh-scene.3mf")


def numpy_stl():
    from stl import Mode
    from stl.mesh import Mesh

    mesh = Mesh.from_file(str(OUT / "cadquery-binary.stl"))
    mesh.save(str(OUT / "numpy-stl-binary.stl"), mode=Mode.BINARY)
    mesh.save(str(OUT / "numpy-stl-ascii.stl"), mode=Mode.ASCII)


def lib3mf_():
    import lib3mf
    from lib3mf import get_wrapper

    def model(unit=lib3mf.ModelUnit.MilliMeter):
        wrapper = get_wrapper()
        made = wrapper.CreateModel()
        made.SetUnit(unit)
        mesh = made.AddMeshObject()
        read = wrapper.CreateModel()
        reader = read.QueryReader("stl")
        reader.ReadFromFile(str(OUT / "cadquery-binary.stl"))
        objects = read.GetMeshObjects()
        objects.MoveNext()
        source = objects.GetCurrentMeshObject()
        mesh.SetGeometry(list(source.GetVertices()), list(source.GetTriangleIndices()))
        return wrapper, made, mesh

    def pair(wrapper, made, mesh):
        both = made.AddComponentsObject()
        both.AddComponent(mesh, wrapper.GetIdentityTransform())
        both.AddComponent(mesh, wrapper.GetTranslationTransform(60, 0, 0))
        made.AddBuildItem(both, wrapper.GetIdentityTransform())

    def write(made, name):
        made.QueryWriter("3mf").WriteToFile(str(OUT / f"lib3mf-{name}.3mf"))

    wrapper, made, mesh = model()
    pair(wrapper, made, mesh)
    write(made, "components")
    wrapper, made, mesh = model(lib3mf.ModelUnit.Inch)
    made.AddBuildItem(mesh, wrapper.GetIdentityTransform())
    write(made, "inch")
    wrapper, made, mesh = model()
    mesh.SetPackagePart(made.FindOrCreatePackagePart("/3D/part.model"))
    pair(wrapper, made, mesh)
    write(made, "production")


def pygltflib():
    from pygltflib import GLTF2

    GLTF2().load(str(OUT / "trimesh.glb")).save(str(OUT / "pygltflib.glb"))


def openscad():
    script = OUT / "box.scad"
    script.write_text("difference() { cube([40, 20, 10], center = true); cylinder(d = 5, h = 11, center = true, $fn = 12); }\n")
    for name in ("openscad-ascii.stl", "openscad.3mf"):
        run("openscad", "-o", OUT / name, script)
    script.unlink()


def admesh():
    run("admesh", "--write-ascii-stl=" + str(OUT / "admesh-ascii.stl"), OUT / "cadquery-binary.stl")
    run("admesh", "--write-binary-stl=" + str(OUT / "admesh-binary.stl"), OUT / "cadquery-binary.stl")


def vtk():
    import vtk as v

    reader = v.vtkSTLReader(file_name=str(OUT / "cadquery-binary.stl"))
    for name, kind in (("vtk-ascii.stl", 1), ("vtk-binary.stl", 2)):
        writer = v.vtkSTLWriter(file_name=str(OUT / name), file_type=kind)
        writer.SetInputConnection(reader.GetOutputPort())
        writer.Write()


def blender():
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.wm.stl_import(filepath=str(OUT / "cadquery-binary.stl"))
    bpy.ops.wm.stl_export(filepath=str(OUT / "blender-binary.stl"))
    bpy.ops.wm.stl_export(filepath=str(OUT / "blender-ascii.stl"), ascii_format=True)
    # As Blender asks for: its unit is glTF's metre.
    bpy.context.object.scale = (0.001, 0.001, 0.001)
    bpy.ops.export_scene.gltf(filepath=str(OUT / "blender.glb"), export_format="GLB")


def by_hand():
    """What the writers above do not do by themselves, but others may."""
    step = (OUT / "opencascade-ap214.step").read_bytes()
    (OUT / "crlf-opencascade.step").write_bytes(step.replace(b"\n", b"\r\n"))

    text = step.decode()
    header, data = text.split("ENDSEC;", 1)
    _, description, name_and_schema = header.split("FILE_", 2)
    name, schema = name_and_schema.split("FILE_SCHEMA", 1)
    (OUT / "reordered-comments-opencascade.step").write_text(
        "ISO-10303-21; /* one; two */\nHEADER;\nFILE_SCHEMA" + schema + "/* it's #1=A(); here */\nFILE_" + name
        + "FILE_" + description + "ENDSEC;" + data.replace("DATA;", "DATA; /* ' */", 1)
    )

    binary = (OUT / "cadquery-binary.stl").read_bytes()
    (OUT / "solid-header-binary.stl").write_bytes(b"solid exported by an unknowing writer".ljust(80) + binary[80:])

    import base64

    glb = (OUT / "trimesh.glb").read_bytes()
    length = struct.unpack_from("<I", glb, 12)[0]
    gltf = json.loads(glb[20 : 20 + length])
    chunk = glb[20 + length + 8 :][: gltf["buffers"][0]["byteLength"]]
    gltf["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(chunk).decode()
    packed = json.dumps(gltf, separators=(",", ":")).encode()
    packed += b" " * (-len(packed) % 4)
    (OUT / "without-bin.glb").write_bytes(
        struct.pack("<4sII", b"glTF", 2, 20 + len(packed)) + struct.pack("<I4s", len(packed), b"JSON") + packed
    )


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for write in sys.argv[2:] or (
        "opencascade cadquery build123d gmsh assimp trimesh numpy_stl lib3mf_ pygltflib openscad admesh vtk blender by_hand".split()
    ):
        print(write, file=sys.stderr)
        globals()[write]()
