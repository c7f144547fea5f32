"""A client as a user of websocket-client wrote it in 2011, in the Python of that year.

Says its texts, prints each echo, closes. Arguments: the folder of the library, URL, texts.
"""

import sys

sys.path.insert(0, sys.argv[1])
import websocket  # type: ignore[import-not-found]

connection = websocket.create_connection(sys.argv[2])
sys.stdout.write("open\n")
for text in sys.argv[3:]:
    connection.send(text)
    sys.stdout.write(connection.recv() + "\n")
connection.close()
sys.stdout.write("close\n")
