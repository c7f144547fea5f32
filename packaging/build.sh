#!/bin/sh
# Build the folder in packaging/out/wsinspector, try it, and validate what goes to the desktop.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

for tool in desktop-file-validate appstreamcli objdump; do
  command -v "$tool" >/dev/null || {
    sh packaging/apt.sh 'The package needs tools that are not here.' desktop-file-utils appstream binutils
    break
  }
done

"$python" -m PyInstaller --noconfirm --log-level WARN \
  --distpath packaging/out --workpath packaging/out/work packaging/wsinspector.spec

mkdir -p packaging/out/share/applications packaging/out/share/metainfo packaging/out/share/icons
cp packaging/wsinspector.desktop packaging/out/share/applications/
cp packaging/io.github.wsinspector.metainfo.xml packaging/out/share/metainfo/
cp resources/icons/wsinspector.svg packaging/out/share/icons/
desktop-file-validate packaging/wsinspector.desktop
appstreamcli validate --no-net packaging/io.github.wsinspector.metainfo.xml

xvfb-run -a "$python" packaging/try_package.py packaging/out/wsinspector/wsinspector
du -sh packaging/out/wsinspector
