"""Makes events.tfevents: four events as TensorBoard itself writes them.

Ran with tensorboard 2.21.0 (PyPI)."""
import pathlib
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

TIME = 1700000000.5
with open(pathlib.Path(__file__).parent / "events.tfevents", "wb") as file:
    writer = RecordWriter(file)
    for event in [
        Event(wall_time=TIME, file_version="brain.Event:2"),
        Event(wall_time=TIME, step=7, session_log=SessionLog(status=SessionLog.START)),
        Event(wall_time=TIME, step=7, summary=Summary(value=[
            Summary.Value(tag="a/loss", simple_value=0.25),
            Summary.Value(tag="lr", simple_value=-1e-5)])),
        Event(wall_time=TIME, step=300, summary=Summary(value=[
            Summary.Value(tag="p", image=Summary.Image(
                height=2, width=200, colorspace=3, encoded_image_string=b"\x89PNG\xff"))])),
    ]:
        writer.write(event.SerializeToString())
