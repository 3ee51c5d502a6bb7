@echo off
rem Install Harmhex from this folder alone: install.cmd FOLDER
setlocal
if "%~1"=="" (echo Give the folder to install into: install.cmd C:\Harmhex & exit /b 2)
if exist "%~1" (echo %~1 exists already. Give a new folder, and keep the old one to go back to. & exit /b 1)
py -3 -m venv "%~1" || exit /b 1
"%~1\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%~dp0wheels" --require-hashes -r "%~dp0requirements.txt"
if errorlevel 1 (rmdir /s /q "%~1" & echo Nothing was installed. Is this Python the one that the bundle was made for? & exit /b 1)
"%~1\Scripts\harmhex.exe" --help >nul || exit /b 1
echo Installed: %~1\Scripts\harmhex.exe
